using System.Buffers;
using System.Globalization;
using System.Text;

namespace RunnerWebhook.Core.Json;

/// <summary>Messages quote names and values that users wrote. They must not break a line, turn it around, or show a
/// token.</summary>
public static class OneLine
{
    private static readonly SearchValues<char> Breaking = SearchValues.Create(
    [
        .. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(c => char.GetUnicodeCategory(c)
            is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Format),
    ]);

    /// <summary>The text without tokens, and with escapes, as JSON has them, for characters that are not shown as
    /// themselves.</summary>
    public static string Of(string text) => Escape(TokenText.Mask(text));

    private static string Escape(string text)
    {
        var at = text.AsSpan().IndexOfAny(Breaking);
        if (at < 0)
        {
            return text;
        }

        var shown = new StringBuilder(text, 0, at, text.Length + 16);
        foreach (var c in text.AsSpan(at))
        {
            _ = c switch
            {
                '\n' => shown.Append("\\n"),
                '\r' => shown.Append("\\r"),
                '\t' => shown.Append("\\t"),
                _ when Breaking.Contains(c) => shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => shown.Append(c),
            };
        }

        return shown.ToString();
    }
}
