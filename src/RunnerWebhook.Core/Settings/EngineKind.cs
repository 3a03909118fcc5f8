namespace RunnerWebhook.Core.Settings;

/// <summary>Who provides the Docker Engine's socket.</summary>
public enum EngineKind
{
    /// <summary>The node: its socket is mounted by <c>hostPath</c>.</summary>
    HostSocket,

    /// <summary>Nobody: no socket is added.</summary>
    None,
}
