namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>One way to abuse the protocol.</summary>
/// <param name="What">What the client does.</param>
/// <param name="Answer">What it gets, as <paramref name="Run"/> reports it.</param>
/// <param name="Run">Does it.</param>
internal sealed record AbuseCase(string What, string Answer, Func<AbusedServer, Task<string>> Run)
{
    /// <summary>All cases, in the order of the documentation.</summary>
    public static AbuseCase[] All { get; } =
        [.. TlsCases.All, .. PathCases.All, .. Http1Cases.All, .. BodyCases.All, .. Http2Cases.All, .. FloodCases.All];
}
