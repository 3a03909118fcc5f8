using System.Collections.Immutable;

namespace RunnerWebhook.Core.Settings;

/// <summary>The container that brings a Docker Engine.</summary>
public sealed record DindSettings : SidecarSettings
{
    /// <summary>The built-in values. Docker 27.5.1: from 29 on an engine refuses every gitlab-runner up to 17.4, and a
    /// floating tag would get there by itself.</summary>
    public static DindSettings Default { get; } = new() { Name = "dind", Image = "docker:27.5.1-dind" };

    /// <summary>The MTU of its network, in bytes, where the pod's is smaller than 1500; 0 leaves Docker's own. Default 0.
    /// Networks of single jobs take theirs from <c>docker-network-mtu</c>.</summary>
    public int Mtu { get; init; }

    /// <summary>Mirrors of Docker Hub, http or https URLs. Default none.</summary>
    public ImmutableArray<string> RegistryMirrors { get; init; } = [];

    /// <summary>Whether the pod gets a user namespace (<c>hostUsers: false</c>), in which root is an ordinary user of the
    /// node. Default false.</summary>
    public bool UserNamespace { get; init; }
}
