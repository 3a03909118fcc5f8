namespace RunnerWebhook.Core.Settings;

/// <summary>The hostPath volume that brings the node's Docker socket.</summary>
/// <param name="Name">The volume's name. Default <c>docker-socket</c>.</param>
/// <param name="Type">The check that kubelet makes before it mounts, one of Kubernetes' hostPath types; empty for
/// none. Default <c>Socket</c>.</param>
public sealed record SocketVolumeSettings(string Name, string Type)
{
    /// <summary>The built-in values.</summary>
    public static SocketVolumeSettings Default { get; } = new("docker-socket", "Socket");
}
