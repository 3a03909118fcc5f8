namespace RunnerWebhook.Check;

/// <summary>How a check came out.</summary>
internal enum CheckState
{
    /// <summary>All is well.</summary>
    Passed,

    /// <summary>Something is wrong: a runner is not injected, or won't be.</summary>
    Failed,

    /// <summary>It works, but somebody should look at it.</summary>
    Warning,

    /// <summary>It could not be looked at.</summary>
    Unknown,
}
