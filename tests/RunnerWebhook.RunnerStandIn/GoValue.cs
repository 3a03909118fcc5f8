using System.Text.RegularExpressions;

namespace RunnerWebhook.RunnerStandIn;

/// <summary>Values of flags as Go's strconv and time packages read them.</summary>
internal static partial class GoValue
{
    /// <summary>What strconv.ParseBool says; null for a boolean. An empty text means true.</summary>
    public static string? BooleanProblem(string text) =>
        text is "" or "true" or "false" or "1" or "0" or "t" or "f" or "T" or "F" or "TRUE" or "FALSE" or "True" or "False"
            ? null
            : $"strconv.ParseBool: parsing \"{text}\": invalid syntax";

    /// <summary>What strconv.ParseInt says; null for a number.</summary>
    public static string? NumberProblem(string text) => !Number().IsMatch(text)
        ? $"strconv.ParseInt: parsing \"{text}\": invalid syntax"
        : long.TryParse(text, out _) ? null : $"strconv.ParseInt: parsing \"{text}\": value out of range";

    /// <summary>What time.ParseDuration says; null for a duration.</summary>
    public static string? DurationProblem(string text) => Duration().IsMatch(text) ? null
        : Number().IsMatch(text) ? $"time: missing unit in duration \"{text}\"" : $"time: invalid duration \"{text}\"";

    [GeneratedRegex(@"^[+-]?[0-9]+\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[+-]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)\z")]
    private static partial Regex Duration();
}
