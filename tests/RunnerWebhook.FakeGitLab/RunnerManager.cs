namespace RunnerWebhook.FakeGitLab;

/// <summary>One process that runs with a runner's token.</summary>
/// <param name="Id">Counts from 1.</param>
/// <param name="RunnerId">The runner.</param>
/// <param name="SystemId">What the process calls itself; <c>&lt;legacy&gt;</c> where it doesn't say.</param>
/// <param name="Version">gitlab-runner's version; empty where it doesn't say.</param>
/// <param name="ContactedAt">When it last called.</param>
public sealed record RunnerManager(long Id, long RunnerId, string SystemId, string Version, DateTimeOffset ContactedAt);
