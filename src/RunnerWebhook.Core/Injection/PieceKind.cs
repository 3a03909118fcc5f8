namespace RunnerWebhook.Core.Injection;

/// <summary>What the injection adds to a pod template, by its place.</summary>
public enum PieceKind
{
    /// <summary>An element of <c>spec.initContainers</c>.</summary>
    InitContainer,

    /// <summary>An element of <c>spec.containers</c>.</summary>
    Container,

    /// <summary>An element of <c>spec.volumes</c>.</summary>
    Volume,

    /// <summary>The variable <see cref="ConfigFile.Variable"/> of the runner container.</summary>
    Variable,

    /// <summary>A volume mount of the runner container.</summary>
    Mount,

    /// <summary>The hooks of the runner container, of which it had none: <c>lifecycle</c>.</summary>
    Hooks,

    /// <summary>The stop hook of the runner container in addition to hooks of the user's: <c>lifecycle.preStop</c>.</summary>
    StopHook,

    /// <summary><c>spec.terminationGracePeriodSeconds</c>.</summary>
    GracePeriod,

    /// <summary><c>spec.hostUsers</c>.</summary>
    HostUsers,

    /// <summary><c>spec.runtimeClassName</c>.</summary>
    RuntimeClass,

    /// <summary>No piece, but a list or map that holds pieces or the record, and that the injection may have to create.</summary>
    Holder,
}
