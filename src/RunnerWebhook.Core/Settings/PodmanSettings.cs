namespace RunnerWebhook.Core.Settings;

/// <summary>The container in which Podman serves the Docker API.</summary>
public sealed record PodmanSettings : SidecarSettings
{
    /// <summary>The built-in values.</summary>
    public static PodmanSettings Default { get; } = new() { Name = "podman", Image = "quay.io/podman/stable:v5.7.1" };

    /// <summary>Whether Podman runs as the image's user 1000, for which the node must allow user namespaces. Default
    /// true.</summary>
    public bool Rootless { get; init; } = true;
}
