using System.Collections.Immutable;
using System.Text.Json;

namespace RunnerWebhook.Core.Settings;

/// <summary>A container that runs an engine inside the pod.</summary>
public abstract record SidecarSettings
{
    /// <summary>Its name. Default that of the engine.</summary>
    public required string Name { get; init; }

    /// <summary>Its image.</summary>
    public required string Image { get; init; }

    /// <summary>Its kind. Default <see cref="SidecarKind.Auto"/>.</summary>
    public SidecarKind Sidecar { get; init; } = SidecarKind.Auto;

    /// <summary>The size at which the pod is evicted for its images, containers and volumes, as a quantity such as
    /// <c>20Gi</c>. Default empty: the node's disk is the limit.</summary>
    public string SizeLimit { get; init; } = "";

    /// <summary>Further arguments of its program; none may open another socket. Default none.</summary>
    public ImmutableArray<string> Args { get; init; } = [];

    /// <summary>Its <c>resources</c>, as Kubernetes takes them; jobs run inside of it. Default: requests of 100m CPU and
    /// 256Mi memory, and no limits.</summary>
    public JsonElement Resources { get; init; } =
        JsonElement.Parse("""{"requests":{"cpu":"100m","memory":"256Mi"}}""");
}
