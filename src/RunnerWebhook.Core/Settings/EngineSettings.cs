namespace RunnerWebhook.Core.Settings;

/// <summary>The Docker Engine that jobs run on.</summary>
/// <param name="Kind">Who provides it. Default <see cref="EngineKind.HostSocket"/>.</param>
/// <param name="SocketPath">The socket's absolute path where jobs run, which is what <c>docker-volumes</c> names: on
/// the node, or in the engine's container. With <c>hostSocket</c> it is the path in the runner container too.
/// Default <c>/var/run/docker.sock</c>.</param>
public sealed record EngineSettings(EngineKind Kind, string SocketPath)
{
    /// <summary>Where an engine listens, and where gitlab-runner looks, unless configured otherwise.</summary>
    public const string UsualSocketPath = "/var/run/docker.sock";

    /// <summary>The built-in values.</summary>
    public static EngineSettings Default { get; } = new(EngineKind.HostSocket, UsualSocketPath);

    /// <summary>The settings of <see cref="EngineKind.Dind"/>. They lie ready while another kind is chosen, since an
    /// annotation may choose this one.</summary>
    public DindSettings Dind { get; init; } = DindSettings.Default;

    /// <summary>The settings of <see cref="EngineKind.Podman"/>; likewise.</summary>
    public PodmanSettings Podman { get; init; } = PodmanSettings.Default;

    /// <summary>The settings of <see cref="EngineKind.Remote"/>; likewise.</summary>
    public RemoteSettings Remote { get; init; } = RemoteSettings.Default;
}
