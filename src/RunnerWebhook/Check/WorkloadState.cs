namespace RunnerWebhook.Check;

/// <summary>How a labelled workload stands.</summary>
internal enum WorkloadState
{
    /// <summary>Injected with today's settings.</summary>
    Current,

    /// <summary>Injected, with settings that are not today's any more.</summary>
    Outdated,

    /// <summary>Injected, but it would be refused today.</summary>
    RefusedToday,

    /// <summary>Labelled, but without a runner, or without some of its pieces.</summary>
    Bare,

    /// <summary>It registers its runner by hand.</summary>
    ByHand,
}
