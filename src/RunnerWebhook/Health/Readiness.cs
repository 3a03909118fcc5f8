using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Health;

/// <summary>The result of a readiness check.</summary>
/// <param name="IsReady">Whether the condition is met.</param>
/// <param name="State">The state in words.</param>
/// <param name="Problem">What needs attention, ready or not; null for nothing.</param>
internal sealed record Readiness(bool IsReady, string State, string? Problem = null)
{
    /// <summary>The state in words, without tokens: it may name files and addresses.</summary>
    public string State { get; init; } = TokenText.Mask(State);

    /// <summary>What needs attention, without tokens.</summary>
    public string? Problem { get; init; } = Problem is null ? null : TokenText.Mask(Problem);

    /// <summary>The check's line, in the format of the API server's own <c>/readyz?verbose</c>; <c>[!]</c> is ready,
    /// but needs attention.</summary>
    public string Line(string check) => (IsReady ? Problem is null ? "[+]" : "[!]" : "[-]")
        + $"{check}: {State}" + (Problem is null ? "" : $"; {Problem}");
}
