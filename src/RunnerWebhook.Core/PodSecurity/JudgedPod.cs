using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.PodSecurity;

/// <summary>A pod as the rules see it: its security contexts with the path of each.</summary>
internal sealed class JudgedPod
{
    private static readonly string[] ContainerLists = ["initContainers", "containers", "ephemeralContainers"];

    /// <param name="template">The pod, or the pod template.</param>
    /// <param name="version">The release whose rules apply.</param>
    public JudgedPod(JsonElement template, KubernetesVersion version)
    {
        Version = version;
        Annotations = template.At("metadata", "annotations") is { ValueKind: JsonValueKind.Object } annotations
            ? [.. annotations.EnumerateObject()] : [];
        Spec = template.At("spec") ?? default;
        IsWindows = Spec.Text("os", "name") == "windows";
        InUserNamespace = Spec.At("hostUsers") is { ValueKind: JsonValueKind.False };
        Containers =
        [
            .. ContainerLists.SelectMany(list => Spec.List(list).Select(
                container => new Place($"spec.{list}[{container.Text("name")}]", container))),
        ];
        ContainerContexts = [.. Containers.Select(container =>
            new Place(container.Path + ".securityContext", Context(container.Json)))];
        Contexts = [new("spec.securityContext", Context(Spec)), .. ContainerContexts];
    }

    /// <summary>The release whose rules apply.</summary>
    public KubernetesVersion Version { get; }

    /// <summary><c>spec</c>.</summary>
    public JsonElement Spec { get; }

    /// <summary>The pod's annotations.</summary>
    public ImmutableArray<JsonProperty> Annotations { get; }

    /// <summary>Whether <c>spec.os.name</c> is windows, which frees from Linux' own rules since 1.25.</summary>
    public bool IsWindows { get; }

    /// <summary>Whether <c>spec.hostUsers</c> is false, which makes root harmless to the node.</summary>
    public bool InUserNamespace { get; }

    /// <summary>All containers: init, ordinary, ephemeral.</summary>
    public ImmutableArray<Place> Containers { get; }

    /// <summary>The security contexts of the pod and of all containers.</summary>
    public ImmutableArray<Place> Contexts { get; }

    /// <summary>The security contexts of all containers.</summary>
    public ImmutableArray<Place> ContainerContexts { get; }

    private static JsonElement Context(JsonElement json) => json.At("securityContext") ?? default;

    /// <summary>An object in the pod.</summary>
    /// <param name="Path">Where it is, as in <c>spec.containers[gitlab-runner]</c>.</param>
    /// <param name="Json">The object; undefined if there is none.</param>
    internal readonly record struct Place(string Path, JsonElement Json);
}
