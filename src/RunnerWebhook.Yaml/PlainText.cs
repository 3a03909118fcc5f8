using System.Buffers;

namespace RunnerWebhook.Yaml;

/// <summary>Which strings may be written without quotes so that readers of YAML 1.1 and 1.2 all see a string.</summary>
internal static class PlainText
{
    private const string Indicators = "-?:,[]{}#&*!|>'\"%@`=~<";
    private static readonly SearchValues<char> FlowIndicators = SearchValues.Create(",[]{}:?#");
    private static readonly SearchValues<char> NumberLike =
        SearchValues.Create("0123456789abcdefABCDEFxXoO_+-.:TtZz ");

    /// <summary>Whether the string needs no quotes.</summary>
    /// <param name="text">The string.</param>
    /// <param name="inFlow">Whether it is written in a flow collection.</param>
    public static bool IsSafe(string text, bool inFlow)
    {
        if (text.Length == 0 || text.EndsWith(' ') || text.EndsWith(':') || !StartsSafely(text))
        {
            return false;
        }

        return text.All(IsOrdinary)
            && !text.Contains(": ", StringComparison.Ordinal)
            && !text.Contains(" #", StringComparison.Ordinal)
            && !text.Contains(" *", StringComparison.Ordinal)
            && !(inFlow && text.AsSpan().ContainsAny(FlowIndicators))
            && ScalarResolver.Resolve(text, isPlain: true, tag: null, isJson: true).Kind == ScalarKind.Text
            && !LooksLikeNumber(text);
    }

    // A hyphen starts an ordinary word such as --verbose, unless it could be a list item or a document marker.
    private static bool StartsSafely(string text) =>
        text[0] == '-'
            ? text.Length > 1 && text[1] != ' ' && !text.StartsWith("---", StringComparison.Ordinal)
            : text[0] != ' ' && !Indicators.Contains(text[0], StringComparison.Ordinal)
                && !text.StartsWith("...", StringComparison.Ordinal);

    private static bool IsOrdinary(char character) =>
        character is >= ' ' and <= '~' || (character > '\u00A0' && char.IsLetterOrDigit(character));

    // Dates, times in base 60, versions: some reader of YAML 1.1 takes each of them for something else.
    private static bool LooksLikeNumber(string text) =>
        (char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.')
        && text.Any(char.IsAsciiDigit)
        && text.AsSpan().IndexOfAnyExcept(NumberLike) < 0;
}
