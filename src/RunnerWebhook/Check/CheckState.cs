namespace RunnerWebhook.Check;

/// <summary>The result of a check.</summary>
internal enum CheckState
{
    /// <summary>All is well.</summary>
    Passed,

    /// <summary>Something is wrong: a runner is not injected, or won't be.</summary>
    Failed,

    /// <summary>It works, but needs attention.</summary>
    Warning,

    /// <summary>It could not be checked.</summary>
    Unknown,
}
