namespace RunnerWebhook.Core.Settings;

/// <summary>What kind of container runs next to the runner.</summary>
public enum SidecarKind
{
    /// <summary>Native where the API server is known to be 1.29 or later, else an ordinary container.</summary>
    Auto,

    /// <summary>An init container with <c>restartPolicy: Always</c>: up before the registration starts, and stopped
    /// after the runner has ended.</summary>
    Native,

    /// <summary>An ordinary container in front of the runner's.</summary>
    Container,
}
