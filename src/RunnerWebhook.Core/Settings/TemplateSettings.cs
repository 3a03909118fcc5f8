namespace RunnerWebhook.Core.Settings;

/// <summary>
/// A template of <c>config.toml</c>, for settings that no register option has. gitlab-runner merges it itself: it must hold
/// exactly one <c>[[runners]]</c>, what the options say wins, and its global section is ignored.
/// </summary>
/// <param name="ConfigMapName">The ConfigMap in the pod's namespace.</param>
/// <param name="Key">The key in that ConfigMap. Default <c>template.toml</c>.</param>
public sealed record TemplateSettings(string ConfigMapName, string Key)
{
    /// <summary>The default key.</summary>
    public const string DefaultKey = "template.toml";
}
