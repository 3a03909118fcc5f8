using RunnerWebhook.Core.Explaining;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>A labelled Pod or DaemonSet, and what the engine makes of it today.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Owner">Its owner: itself, or the controller of a Pod.</param>
/// <param name="State">Its state.</param>
/// <param name="Explanation">Why.</param>
/// <param name="PodsBehind">How many pods of a DaemonSet are of an older template than its own.</param>
internal sealed record JudgedWorkload(
    Workload Workload, WorkloadOwner Owner, WorkloadState State, Explanation Explanation, int PodsBehind)
{
    /// <summary>Whether it is a Pod.</summary>
    public bool IsPod => Workload.Kind.TemplatePath.Tokens.IsEmpty;
}
