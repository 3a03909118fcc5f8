namespace RunnerWebhook.GitLab;

/// <summary>One process that runs with a runner's token: what GitLab calls a runner manager.</summary>
/// <param name="SystemId">What the process calls itself.</param>
/// <param name="Status">As that of <see cref="RunnerEntry"/>.</param>
internal sealed record RunnerProcess(string? SystemId, string? Status);
