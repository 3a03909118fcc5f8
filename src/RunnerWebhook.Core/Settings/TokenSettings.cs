namespace RunnerWebhook.Core.Settings;

/// <summary>Where the runner's token comes from. The webhook itself never reads it.</summary>
/// <param name="SecretName">The Secret in the pod's namespace. Default <c>gitlab-runner-token</c>.</param>
/// <param name="SecretKey">The key in that Secret. Default <c>token</c>.</param>
/// <param name="Mode">How it is handed over. Default <see cref="TokenMode.Auto"/>.</param>
/// <param name="Value">The token itself, instead of a Secret: visible to everyone who may read the pod. Default
/// null.</param>
public sealed record TokenSettings(string SecretName, string SecretKey, TokenMode Mode, string? Value)
{
    /// <summary>The built-in values.</summary>
    public static TokenSettings Default { get; } = new("gitlab-runner-token", "token", TokenMode.Auto, null);
}
