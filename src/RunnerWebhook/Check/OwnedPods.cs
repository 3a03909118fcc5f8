using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Check;

/// <summary>The pods of a labelled workload.</summary>
/// <param name="Owner">The workload.</param>
/// <param name="Controller">The DaemonSet itself; null for pods that carry the label themselves.</param>
/// <param name="Found">The pods.</param>
internal sealed record OwnedPods(WorkloadOwner Owner, JsonElement? Controller, Reading<ImmutableArray<JsonElement>> Found)
{
    /// <summary>The pods; none if they could not be read.</summary>
    public ImmutableArray<JsonElement> Pods => Found.Or([]);

    /// <summary>How many pods should run.</summary>
    public int Wanted => Controller is { } daemonSet
        ? daemonSet.Number("status", "desiredNumberScheduled")
        : Pods.Count(pod => pod.At("metadata", "deletionTimestamp") is null);

    /// <summary>Whether a pod should run and does not.</summary>
    public bool IsTroubled => Pods.Any(pod => !PodState.Runs(pod))
        || (Controller is { } daemonSet && daemonSet.Number("status", "numberReady") < Wanted);
}
