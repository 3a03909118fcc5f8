namespace RunnerWebhook.Tokens;

/// <summary>The key of a Secret that keeps a runner's token.</summary>
/// <param name="Namespace">The Secret's namespace; null leaves it to the command that applies the manifest.</param>
/// <param name="Name">The Secret's name.</param>
/// <param name="Key">The key.</param>
/// <param name="GitLab">The GitLab that the runner belongs to.</param>
internal sealed record TokenSecretPlace(string? Namespace, string Name, string Key, Uri GitLab);
