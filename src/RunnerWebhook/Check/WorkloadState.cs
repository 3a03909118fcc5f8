namespace RunnerWebhook.Check;

/// <summary>The state of a labelled workload.</summary>
internal enum WorkloadState
{
    /// <summary>Injected with today's settings.</summary>
    Current,

    /// <summary>Injected with settings that are no longer today's.</summary>
    Outdated,

    /// <summary>Injected, but it would be refused today.</summary>
    RefusedToday,

    /// <summary>Labelled, but without a runner, or without some of its pieces.</summary>
    Bare,

    /// <summary>It registers its runner by hand.</summary>
    ByHand,
}
