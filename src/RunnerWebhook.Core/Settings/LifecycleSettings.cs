namespace RunnerWebhook.Core.Settings;

/// <summary>How the runner keeps its identity and how it stops.</summary>
/// <param name="Unregister">Whether the runner container unregisters before it stops. Default true.</param>
/// <param name="GracePeriodSeconds">The time that running jobs get to end, in seconds, given to a pod that has none
/// or Kubernetes' default of 30; 0 leaves the pod's own. Default 3600.</param>
/// <param name="StableSystemId">Whether <c>.runner_system_id</c> is derived from the node (DaemonSet) or pod, and
/// not random. Written <c>auto</c> (true, the default) or <c>random</c>.</param>
public sealed record LifecycleSettings(bool Unregister, int GracePeriodSeconds, bool StableSystemId)
{
    /// <summary>The built-in values.</summary>
    public static LifecycleSettings Default { get; } = new(true, 3600, true);
}
