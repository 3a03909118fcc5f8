using System.Collections.Immutable;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>Finds pods for Windows nodes, on which neither a shell script nor a unix socket works.</summary>
public static class WindowsPod
{
    /// <summary>The operating system's name.</summary>
    public const string Windows = "windows";

    /// <summary>The labels of nodes that say it; the second is its name before Kubernetes 1.14.</summary>
    public static ImmutableArray<string> NodeLabels { get; } = ["kubernetes.io/os", "beta.kubernetes.io/os"];

    /// <summary>The field that sends a pod to a Windows node, as messages name it; null if none does. Affinities are not looked
    /// at: the DaemonSet controller writes its own.</summary>
    public static string? SignOf(PodTemplate template) =>
        template.Json.Text("spec", "os", "name") == Windows ? "spec.os.name"
        : NodeLabels.FirstOrDefault(label => template.Json.Text("spec", "nodeSelector", label) == Windows) is { } label
            ? $"spec.nodeSelector[\"{label}\"]"
            : null;
}
