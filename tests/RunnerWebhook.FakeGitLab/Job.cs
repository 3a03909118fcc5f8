using System.Collections.Immutable;

namespace RunnerWebhook.FakeGitLab;

/// <summary>A job of a pipeline.</summary>
/// <param name="Id">Counts from 1.</param>
/// <param name="Token">What the runner that took it identifies itself with.</param>
/// <param name="Image">The image it asks for; empty for the runner's own.</param>
/// <param name="Script">Its lines.</param>
/// <param name="Tags">A runner takes it that has all of them; without tags, one that runs untagged jobs.</param>
public sealed record Job(long Id, string Token, string Image, ImmutableArray<string> Script, ImmutableArray<string> Tags)
{
    /// <summary><c>pending</c>, <c>running</c>, <c>success</c>, <c>failed</c> or <c>canceled</c>.</summary>
    public string Status { get; init; } = "pending";

    /// <summary>Why it failed, in gitlab-runner's word; empty where it didn't.</summary>
    public string FailureReason { get; init; } = "";

    /// <summary>The runner that took it.</summary>
    public long? RunnerId { get; init; }

    /// <summary>The system ID of the manager that took it.</summary>
    public string SystemId { get; init; } = "";

    /// <summary>Its log.</summary>
    public string Trace { get; init; } = "";
}
