namespace RunnerWebhook.Core.Settings;

/// <summary>What the webhook injects of a labelled DaemonSet.</summary>
public enum DaemonSetInjection
{
    /// <summary>Its pod template, so that the stored DaemonSet shows what runs.</summary>
    Template,

    /// <summary>Its pods: the DaemonSet is stored as it was applied, so that a diff against its manifest is empty.</summary>
    Pods,
}
