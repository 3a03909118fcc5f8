using System.Globalization;

namespace RunnerWebhook.Core.Exporting;

/// <summary>
/// Places in what the engine renders, or says, that are not known before a request comes: each is a mark that no text of a
/// configuration holds, and is replaced by an expression.
/// </summary>
internal sealed class Holes
{
    // Unicode's private use area.
    private const char First = '\uE100';

    private readonly List<string> _expressions = [];

    /// <summary>Nothing is open.</summary>
    public static Holes None { get; } = new();

    /// <summary>A mark that an expression of type string replaces.</summary>
    public string Open(string expression)
    {
        _expressions.Add(expression);
        return ((char)(First + _expressions.Count - 1)).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The text as an expression, its marks filled.</summary>
    public string Fill(string text)
    {
        var parts = new List<string>();
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            var isMark = at < text.Length && text[at] >= First && text[at] < First + _expressions.Count;
            if ((isMark || at == text.Length) && at > start)
            {
                parts.Add(Cel.Text(text[start..at]));
            }

            if (isMark)
            {
                parts.Add(_expressions[text[at] - First]);
                start = at + 1;
            }
        }

        return parts.Count == 0 ? "''" : string.Join(" + ", parts);
    }
}
