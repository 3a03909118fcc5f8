using System.Collections.Immutable;
using System.Text.Json;

namespace RunnerWebhook.Core.Settings;

/// <summary>The privileged container that brings a Docker Engine of the pod's own.</summary>
public sealed record DindSettings
{
    /// <summary>Its name. Default <c>dind</c>.</summary>
    public string Name { get; init; } = "dind";

    /// <summary>Its image. Default Docker 27.5.1: from 29 on an engine refuses every gitlab-runner up to 17.4, and a
    /// floating tag would get there by itself.</summary>
    public string Image { get; init; } = "docker:27.5.1-dind";

    /// <summary>Its kind. Default <see cref="SidecarKind.Auto"/>.</summary>
    public SidecarKind Sidecar { get; init; } = SidecarKind.Auto;

    /// <summary>The size at which the pod is evicted for its images, containers and volumes, as a quantity such as
    /// <c>20Gi</c>. Default empty: the node's disk is the limit.</summary>
    public string SizeLimit { get; init; } = "";

    /// <summary>The MTU of its network, in bytes, where the pod's is smaller than 1500; 0 leaves Docker's own. Default 0.
    /// Networks of single jobs take theirs from <c>docker-network-mtu</c>.</summary>
    public int Mtu { get; init; }

    /// <summary>Mirrors of Docker Hub, http or https URLs. Default none.</summary>
    public ImmutableArray<string> RegistryMirrors { get; init; } = [];

    /// <summary>Further arguments of <c>dockerd</c>; none may open another socket. Default none.</summary>
    public ImmutableArray<string> Args { get; init; } = [];

    /// <summary>Its <c>resources</c>, as Kubernetes takes them; jobs run inside of it. Default: requests of 100m CPU and
    /// 256Mi memory, and no limits.</summary>
    public JsonElement Resources { get; init; } =
        JsonElement.Parse("""{"requests":{"cpu":"100m","memory":"256Mi"}}""");
}
