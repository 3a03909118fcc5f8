namespace RunnerWebhook.Serve;

/// <summary>One of the things that have to be so before the API server can call this replica.</summary>
internal interface IReadinessCheck
{
    /// <summary>What <c>/readyz?verbose</c> calls it.</summary>
    string Name { get; }

    /// <summary>How it is now; null where it doesn't matter as this server is set up.</summary>
    Readiness? Judge();
}
