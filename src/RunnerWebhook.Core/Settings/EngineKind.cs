namespace RunnerWebhook.Core.Settings;

/// <summary>Who provides the Docker Engine's socket.</summary>
public enum EngineKind
{
    /// <summary>The node: its socket is mounted by <c>hostPath</c>.</summary>
    HostSocket,

    /// <summary>A privileged container in the pod, which shares its socket through an emptyDir.</summary>
    Dind,

    /// <summary>A container in the pod in which Podman serves the Docker API, on a socket that it shares likewise.</summary>
    Podman,

    /// <summary>An engine elsewhere, over TCP.</summary>
    Remote,

    /// <summary>No engine: no socket is added.</summary>
    None,
}
