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

    /// <summary>Programs that only Windows has, with or without <c>.exe</c>.</summary>
    public static ImmutableArray<string> Programs { get; } = ["powershell", "cmd"];

    /// <summary>What the names of Windows' base images contain.</summary>
    public static ImmutableArray<string> BaseImages { get; } = ["nanoserver", "servercore"];

    /// <summary>What says that a pod is for Windows nodes, as a sentence; null if nothing does.</summary>
    public static string? SignOf(PodTemplate template) =>
        template.Json.Text("spec", "os", "name") == Windows ? "spec.os.name is windows"
        : NodeLabels.FirstOrDefault(label => template.Json.Text("spec", "nodeSelector", label) == Windows) is { } label
            ? $"spec.nodeSelector[\"{label}\"] is windows"
        : IsBound(template) ? "spec.affinity.nodeAffinity allows windows nodes alone"
        : template.Json.At("spec", "securityContext", "windowsOptions") is not null
            ? "spec.securityContext.windowsOptions is set"
        : template.Containers.Select(SignOf).FirstOrDefault(sign => sign is not null);

    private static string? SignOf(Container container) =>
        container.Json.At("securityContext", "windowsOptions") is not null
            ? $"container {container.Name} has securityContext.windowsOptions"
        : container.CommandLine.FirstOrDefault() is { } word && IsProgram(word) ? $"container {container.Name} runs {word}"
        : BaseImages.Any(name => container.Image.Contains(name, StringComparison.Ordinal))
            ? $"container {container.Name} has the image {container.Image}"
            : null;

    private static bool IsProgram(string word) => word.EndsWith(".exe", StringComparison.OrdinalIgnoreCase)
        || Programs.Contains(word, StringComparer.OrdinalIgnoreCase);

    // A node has to meet one of the terms, and of a term everything.
    private static bool IsBound(PodTemplate template)
    {
        var terms = template.Json.List("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution",
            "nodeSelectorTerms").ToArray();
        return terms.Length > 0 && terms.All(term => term.List("matchExpressions").Any(expression =>
            NodeLabels.Contains(expression.Text("key")) && expression.Text("operator") == "In"
            && expression.Texts("values").ToArray() is [Windows]));
    }
}
