namespace RunnerWebhook.Core.Settings;

/// <summary>The Docker Engine that jobs run on.</summary>
/// <param name="Kind">Who provides it. Default <see cref="EngineKind.HostSocket"/>.</param>
/// <param name="SocketPath">The socket's absolute path, on the node and in the runner container. Default
/// <c>/var/run/docker.sock</c>.</param>
public sealed record EngineSettings(EngineKind Kind, string SocketPath)
{
    /// <summary>The built-in values.</summary>
    public static EngineSettings Default { get; } = new(EngineKind.HostSocket, "/var/run/docker.sock");
}
