using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Settings;

/// <summary>The emptyDir that holds <c>config.toml</c>.</summary>
/// <param name="Name">The volume's name. Default <c>runner-config</c>.</param>
/// <param name="MountPath">The directory in both containers, absolute. Default <c>/etc/gitlab-runner</c>.</param>
/// <param name="Medium">The emptyDir's medium: empty for the node's disk, or <c>Memory</c>. Default empty.</param>
public sealed record ConfigVolumeSettings(string Name, string MountPath, string Medium)
{
    /// <summary>The built-in values.</summary>
    public static ConfigVolumeSettings Default { get; } = new("runner-config", WellKnown.RunnerDirectory, "");
}
