namespace RunnerWebhook.Core.Resolution;

/// <summary>Who sets a value. What comes later wins.</summary>
public enum SettingLayer
{
    /// <summary>The program's own value.</summary>
    BuiltIn,

    /// <summary>A profile of the configuration.</summary>
    Profile,

    /// <summary>The namespace's rule in the configuration's policy.</summary>
    NamespaceRule,

    /// <summary>An annotation of the namespace.</summary>
    Namespace,

    /// <summary>An annotation of the workload.</summary>
    Workload,

    /// <summary>An annotation of the workload's pod template.</summary>
    PodTemplate,
}
