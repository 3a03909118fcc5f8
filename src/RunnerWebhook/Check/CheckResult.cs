using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Check;

/// <summary>One line of the report.</summary>
/// <param name="Check">The check's name.</param>
/// <param name="State">The result.</param>
/// <param name="Sentence">What was found. It never has a value of a Secret.</param>
/// <param name="Hint">What cures it; empty if nothing is to be done.</param>
internal sealed record CheckResult(string Check, CheckState State, string Sentence, string Hint = "")
{
    /// <summary>What was found, without tokens.</summary>
    public string Sentence { get; init; } = TokenText.Mask(Sentence);

    /// <summary>What cures it, without tokens.</summary>
    public string Hint { get; init; } = TokenText.Mask(Hint);

    public static CheckResult Pass(string check, string sentence) => new(check, CheckState.Passed, sentence);

    public static CheckResult Fail(string check, string sentence, string hint) => new(check, CheckState.Failed, sentence, hint);

    public static CheckResult Warn(string check, string sentence, string hint) => new(check, CheckState.Warning, sentence, hint);

    /// <summary>A check that could not be made.</summary>
    /// <param name="check">The check's name.</param>
    /// <param name="what">What was not checked.</param>
    /// <param name="why">Why, as a clause: "it needs the right to …".</param>
    public static CheckResult Skip(string check, string what, string why) =>
        new(check, CheckState.Unknown, $"{what} could not be checked: {why}");
}
