namespace RunnerWebhook.Core.Settings;

/// <summary>One line of the settings' reference.</summary>
/// <param name="Name">The setting's name.</param>
/// <param name="Takes">What it takes, in words.</param>
/// <param name="Meaning">What it does.</param>
public sealed record SettingRow(string Name, string Takes, string Meaning)
{
    /// <summary>The field of a profile that an annotation sets; empty for other settings.</summary>
    public string Field { get; init; } = "";

    /// <summary>The annotation that sets a key, without <c>gitlab-runner/</c>; empty for none.</summary>
    public string Annotation { get; init; } = "";

    /// <summary>The built-in value of a key, as JSON; empty if there is none.</summary>
    public string Default { get; init; } = "";
}
