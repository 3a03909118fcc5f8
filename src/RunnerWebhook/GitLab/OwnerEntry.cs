namespace RunnerWebhook.GitLab;

/// <summary>A group or a project.</summary>
/// <param name="Id">The ID.</param>
internal sealed record OwnerEntry(long Id);
