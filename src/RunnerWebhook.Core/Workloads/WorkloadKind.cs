using System.Collections.Immutable;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>A kind of object that holds a pod template.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Kind">The kind.</param>
/// <param name="TemplatePath">Where the pod template lies.</param>
/// <param name="AdmittedOn">The operations on which the webhook injects; empty if only the command line does.
/// A Pod's spec can't change after CREATE, so UPDATE is never among a Pod's.</param>
public sealed record WorkloadKind(
    string Group, string Kind, JsonPointer TemplatePath, ImmutableArray<string> AdmittedOn)
{
    /// <summary>Every kind that the command line injects; the webhook injects those with operations.</summary>
    public static ImmutableArray<WorkloadKind> All { get; } =
    [
        new("", "Pod", JsonPointer.Root, ["CREATE"]),
        new("apps", "DaemonSet", JsonPointer.Of("spec", "template"), ["CREATE", "UPDATE"]),
        new("apps", "Deployment", JsonPointer.Of("spec", "template"), []),
        new("apps", "StatefulSet", JsonPointer.Of("spec", "template"), []),
        new("apps", "ReplicaSet", JsonPointer.Of("spec", "template"), []),
        new("", "ReplicationController", JsonPointer.Of("spec", "template"), []),
        new("batch", "Job", JsonPointer.Of("spec", "template"), []),
        new("batch", "CronJob", JsonPointer.Of("spec", "jobTemplate", "spec", "template"), []),
    ];

    /// <summary>The kind of an object by its <c>apiVersion</c> and <c>kind</c>, or null if it has no pod template here.</summary>
    public static WorkloadKind? Find(string apiVersion, string kind)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        var group = slash < 0 ? "" : apiVersion[..slash];
        return All.FirstOrDefault(known => known.Group == group && known.Kind == kind);
    }
}
