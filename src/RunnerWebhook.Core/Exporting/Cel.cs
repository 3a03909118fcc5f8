using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RunnerWebhook.Core.Exporting;

/// <summary>Writes values as literals of CEL, the language of admission policies.</summary>
internal static class Cel
{
    /// <summary>A text as a literal.</summary>
    public static string Text(string text)
    {
        var literal = new StringBuilder("'");
        foreach (var c in text)
        {
            _ = c switch
            {
                '\'' => literal.Append("\\'"),
                '\\' => literal.Append("\\\\"),
                '\n' => literal.Append("\\n"),
                '\r' => literal.Append("\\r"),
                '\t' => literal.Append("\\t"),
                < ' ' or '\x7f' => literal.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => literal.Append(c),
            };
        }

        return literal.Append('\'').ToString();
    }

    /// <summary>A list of texts.</summary>
    public static string Texts(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Text))}]";

    /// <summary>A list of expressions.</summary>
    public static string List(IEnumerable<string> expressions) => $"[{string.Join(", ", expressions)}]";

    /// <summary>The sum of lists of any type: one level deep, however many there are.</summary>
    public static string Flat(IReadOnlyCollection<string> lists) =>
        lists.Count == 1 ? lists.First() : Sum([.. lists.Select(list => $"dyn({list})")]);

    /// <summary>The sum of lists of one type.</summary>
    public static string Sum(IReadOnlyCollection<string> lists) => $"[{string.Join(",\n", lists)}].flatten()";

    /// <summary>A JSON value. CEL takes all values of a map to be of one type, unless they are dyn.</summary>
    /// <param name="node">The value.</param>
    /// <param name="holes">The marks in its texts, with their expressions.</param>
    public static string Value(JsonNode? node, Holes holes) => node switch
    {
        null => "null",
        JsonObject { Count: 0 } => "{}",
        JsonObject map => Map(map.Select(member => (Text(member.Key), Value(member.Value, holes)))),
        JsonArray list => List(list.Select(element => element is JsonObject ? $"dyn({Value(element, holes)})"
            : Value(element, holes))),
        _ when node.GetValueKind() == JsonValueKind.String => holes.Fill(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    /// <summary>A map of expressions.</summary>
    public static string Map(IEnumerable<(string Key, string Value)> members) =>
        $"{{{string.Join(", ", members.Select(member => $"{member.Key}: dyn({member.Value})"))}}}";

    /// <summary>Whether a text matches one of some globs.</summary>
    public static string Matches(string text, IEnumerable<string> globs) =>
        $"{text}.matches({Text($"^(?s:{string.Join('|', globs.Select(Pattern))})$")})";

    // RE2's own syntax; only a star means anything in a glob.
    private static string Pattern(string glob)
    {
        var pattern = new StringBuilder();
        foreach (var c in glob)
        {
            _ = c == '*' ? pattern.Append(".*")
                : char.IsAsciiLetterOrDigit(c) || c > '\x7f' ? pattern.Append(c)
                : c < ' ' ? pattern.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}")
                : pattern.Append('\\').Append(c);
        }

        return pattern.ToString();
    }
}
