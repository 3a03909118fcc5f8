namespace RunnerWebhook.Serve;

/// <summary>The result of a readiness check.</summary>
/// <param name="IsReady">Whether this is no reason against readiness.</param>
/// <param name="State">How it is.</param>
/// <param name="Problem">What is wrong and has to be looked after, ready or not; null for nothing.</param>
internal sealed record Readiness(bool IsReady, string State, string? Problem = null)
{
    /// <summary>The check's line, in the format of the API server's own <c>/readyz?verbose</c>; <c>[!]</c> is ready,
    /// but needs looking after.</summary>
    public string Line(string check) => (IsReady ? Problem is null ? "[+]" : "[!]" : "[-]")
        + $"{check}: {State}" + (Problem is null ? "" : $"; {Problem}");
}
