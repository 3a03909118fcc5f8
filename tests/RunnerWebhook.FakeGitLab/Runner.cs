using System.Collections.Immutable;

namespace RunnerWebhook.FakeGitLab;

/// <summary>A runner as GitLab keeps it.</summary>
/// <param name="Id">Counts from 1 and is never used again.</param>
/// <param name="Token">The authentication token.</param>
/// <param name="IsCreated">Made by a user (<c>glrt-</c>), and not by a registration token.</param>
/// <param name="Type"><c>instance_type</c>, <c>group_type</c> or <c>project_type</c>.</param>
/// <param name="OwnerId">The group or project; null for a runner of the instance.</param>
/// <param name="Attributes">What its creator asked for.</param>
public sealed record Runner(long Id, string Token, bool IsCreated, string Type, long? OwnerId, RunnerAttributes Attributes)
{
    /// <summary>When the token stops working; null for never.</summary>
    public DateTimeOffset? TokenExpiresAt { get; init; }
}

/// <summary>What the creator of a runner may choose.</summary>
public sealed record RunnerAttributes
{
    /// <summary>The description; empty where none was given.</summary>
    public string Description { get; init; } = "";

    /// <summary>The tags of the jobs it takes.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Whether it takes jobs without tags.</summary>
    public bool RunUntagged { get; init; } = true;

    /// <summary>Whether it serves no further project.</summary>
    public bool Locked { get; init; }

    /// <summary>Whether it takes no job at all.</summary>
    public bool Paused { get; init; }

    /// <summary><c>not_protected</c> or <c>ref_protected</c>.</summary>
    public string AccessLevel { get; init; } = "not_protected";

    /// <summary>Seconds that a job may take; null for no limit of its own.</summary>
    public int? MaximumTimeout { get; init; }

    /// <summary>A note for other administrators.</summary>
    public string? MaintenanceNote { get; init; }
}
