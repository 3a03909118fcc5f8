using System.Collections.Immutable;

namespace RunnerWebhook.FakeGitLab;

/// <summary>A personal access token and what its user may do.</summary>
public sealed record AccessToken
{
    /// <summary>The token.</summary>
    public required string Value { get; init; }

    /// <summary>What the token is good for: <c>api</c>, <c>read_api</c>, <c>create_runner</c>, <c>manage_runner</c>.</summary>
    public ImmutableArray<string> Scopes { get; init; } = ["api"];

    /// <summary>Whether the user administers the instance.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>The IDs of the groups that the user owns.</summary>
    public ImmutableArray<long> Groups { get; init; } = [];

    /// <summary>The IDs of the projects that the user maintains.</summary>
    public ImmutableArray<long> Projects { get; init; } = [];

    /// <summary>Whether it was taken back.</summary>
    public bool IsRevoked { get; init; }

    internal bool MayUse(string runnerType, long? ownerId) => IsAdmin || runnerType switch
    {
        "group_type" => Groups.Contains(ownerId ?? 0),
        "project_type" => Projects.Contains(ownerId ?? 0),
        _ => false,
    };
}
