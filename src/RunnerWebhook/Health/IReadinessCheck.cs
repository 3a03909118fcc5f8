namespace RunnerWebhook.Health;

/// <summary>One condition for the API server to call this replica.</summary>
internal interface IReadinessCheck
{
    /// <summary>The name in <c>/readyz?verbose</c>.</summary>
    string Name { get; }

    /// <summary>The current state; null if this server's options make the condition irrelevant.</summary>
    Readiness? Judge();
}
