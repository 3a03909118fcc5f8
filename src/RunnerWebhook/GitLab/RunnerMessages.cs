using System.Globalization;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.GitLab;

/// <summary>The body of <c>POST /user/runners</c>; GitLab decides what is null.</summary>
/// <param name="RunnerType">See <see cref="RunnerScope.RunnerType"/>.</param>
internal sealed record NewRunner(string RunnerType)
{
    public long? GroupId { get; init; }

    public long? ProjectId { get; init; }

    public string? Description { get; init; }

    public string[]? TagList { get; init; }

    public bool? RunUntagged { get; init; }

    public bool? Locked { get; init; }

    public bool? Paused { get; init; }

    public string? AccessLevel { get; init; }

    public long? MaximumTimeout { get; init; }

    public string? MaintenanceNote { get; init; }
}

/// <summary>The answer of <c>POST /user/runners</c>, and, without the ID, of a reset: the only time that GitLab shows
/// the token.</summary>
/// <param name="Id">The runner's ID; 0 in the answer of a reset.</param>
/// <param name="Token">The runner's authentication token.</param>
/// <param name="TokenExpiresAt">When the token stops working; null for never.</param>
internal sealed record CreatedRunner(long Id, string? Token, DateTimeOffset? TokenExpiresAt)
{
    // A record would print its members.
    public override string ToString() => nameof(CreatedRunner);
}

/// <summary>A group or a project.</summary>
/// <param name="Id">The ID.</param>
internal sealed record OwnerEntry(long Id);

/// <summary>A process that uses a runner's token: GitLab calls it a runner manager.</summary>
/// <param name="SystemId">The system ID that the process reports.</param>
/// <param name="Status">The same values as of a <see cref="RunnerEntry"/>.</param>
internal sealed record RunnerProcess(string? SystemId, string? Status);

/// <summary>A runner, as GitLab lists it.</summary>
/// <param name="Id">The ID.</param>
/// <param name="Description">The description.</param>
/// <param name="RunnerType">See <see cref="RunnerScope.RunnerType"/>.</param>
/// <param name="Status"><c>online</c>, <c>offline</c>, <c>stale</c> or <c>never_contacted</c>.</param>
/// <param name="Paused">Whether it takes no jobs.</param>
internal sealed record RunnerEntry(long Id, string? Description, string? RunnerType, string? Status, bool Paused)
{
    /// <summary>The tags; only in the answer about one runner, not in lists.</summary>
    public string[]? TagList { get; init; }

    /// <summary>The groups it belongs to; only in the answer about one runner.</summary>
    public OwnerEntry[]? Groups { get; init; }

    /// <summary>The projects it serves; only in the answer about one runner.</summary>
    public OwnerEntry[]? Projects { get; init; }

    /// <summary>Whose it is.</summary>
    public RunnerScope Scope => RunnerType switch
    {
        "group_type" => Of(RunnerScopeKind.Group, Groups),
        "project_type" => Of(RunnerScopeKind.Project, Projects),
        _ => RunnerScope.Instance,
    };

    /// <summary>Whether it belongs to a scope; false for a runner that the scope may only use.</summary>
    public bool BelongsTo(RunnerScope scope) => RunnerType == scope.RunnerType && scope.Kind switch
    {
        RunnerScopeKind.Instance => true,
        RunnerScopeKind.Group => Groups?.Any(group => group.Id == scope.Id) == true,
        _ => Projects?.Any(project => project.Id == scope.Id) == true,
    };

    /// <summary>As in <c>runner 12 'Docker'</c>.</summary>
    public override string ToString() => $"runner {Id} '{ShownDescription}'";

    /// <summary>The description without control characters, which a terminal would obey.</summary>
    public string ShownDescription => OneLine.Of(Description ?? "");

    private static RunnerScope Of(RunnerScopeKind kind, OwnerEntry[]? owners)
    {
        var id = owners?.FirstOrDefault()?.Id ?? 0;
        return new(kind, id, id.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>The body of a refusal: one of the two texts, in several shapes.</summary>
/// <param name="Message">GitLab's own: a text, or an object of lists by field.</param>
/// <param name="Error">The framework's: a text, or a code that <paramref name="ErrorDescription"/> explains.</param>
/// <param name="ErrorDescription">The explanation.</param>
internal sealed record ErrorBody(JsonElement Message, JsonElement Error, JsonElement ErrorDescription);
