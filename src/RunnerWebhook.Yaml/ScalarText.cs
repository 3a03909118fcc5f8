using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RunnerWebhook.Yaml;

/// <summary>Writes scalars and empty collections on one line.</summary>
internal static class ScalarText
{
    /// <summary>Whether a value is written on one line in block style: it has no members and no elements.</summary>
    public static bool IsSingle(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => true,
    };

    /// <summary>The text of a value without members and elements.</summary>
    public static string Of(JsonElement value, bool inFlow = false, bool isJson = false) => value.ValueKind switch
    {
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => "[]",
        JsonValueKind.String => OfString(value.GetString()!, inFlow, isJson),
        JsonValueKind.Null => "null",
        _ => value.GetRawText(),
    };

    /// <summary>The text of a string: plain if that is safe.</summary>
    public static string OfString(string text, bool inFlow = false, bool isJson = false) =>
        isJson ? DoubleQuoted(text)
        : PlainText.IsSafe(text, inFlow) ? text
        : text.AsSpan().ContainsAny('"', '\\') && IsPrintable(text) ? SingleQuoted(text)
        : DoubleQuoted(text);

    /// <summary>The text of a string, quoted as a given scalar is, if it can be.</summary>
    public static string OfStringLike(ScalarStyle style, string text, bool inFlow, bool isJson) =>
        style == ScalarStyle.DoubleQuoted ? DoubleQuoted(text)
        : style == ScalarStyle.SingleQuoted && IsPrintable(text) ? SingleQuoted(text)
        : OfString(text, inFlow, isJson);

    /// <summary>
    /// The lines of a string as a literal block, or null if a literal would not give back the very string, or
    /// only with white space that the eye does not see.
    /// </summary>
    public static (string Header, string[] Lines)? TryLiteral(string text)
    {
        var clips = text.EndsWith('\n');
        var lines = (clips ? text[..^1] : text).Split('\n');
        var isFaithful = text.Contains('\n', StringComparison.Ordinal)
            && lines[0].Length > 0 && lines[0][0] is not (' ' or '\t')
            && lines[^1].Length > 0
            && Array.TrueForAll(lines, line => IsPrintable(line, allowTab: true) && !line.EndsWith(' '));
        return isFaithful ? (clips ? "|" : "|-", lines) : null;
    }

    private static bool IsPrintable(string text, bool allowTab = false)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var isHidden = rune == Rune.ReplacementChar || rune.Value is 0xFEFF or 0xFFFE or 0xFFFF
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator;
            if (isHidden && !(allowTab && rune.Value == '\t'))
            {
                return false;
            }
        }

        return true;
    }

    private static string SingleQuoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    // Uses only the escapes that JSON has, too.
    private static string DoubleQuoted(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        for (var at = 0; at < text.Length; at++)
        {
            var isPair = at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);
            _ = text[at] switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                _ when isPair => result.Append(text[at]).Append(text[++at]),
                < ' ' or (>= '\u007F' and <= '\u00A0') or '\u2028' or '\u2029' or '\uFEFF' or >= '\uFFFE'
                    or (>= '\uD800' and <= '\uDFFF')
                    => result.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:x4}"),
                _ => result.Append(text[at]),
            };
        }

        return result.Append('"').ToString();
    }
}
