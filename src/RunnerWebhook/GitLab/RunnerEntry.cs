using System.Globalization;

namespace RunnerWebhook.GitLab;

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

    /// <summary>Whether it belongs to a scope, and isn't one that the scope merely may use.</summary>
    public bool BelongsTo(RunnerScope scope) => RunnerType == scope.RunnerType && scope.Kind switch
    {
        RunnerScopeKind.Instance => true,
        RunnerScopeKind.Group => Groups?.Any(group => group.Id == scope.Id) == true,
        _ => Projects?.Any(project => project.Id == scope.Id) == true,
    };

    /// <summary>As it reads in a sentence: <c>runner 12 'Docker'</c>.</summary>
    public override string ToString() => $"runner {Id} '{ShownDescription}'";

    /// <summary>The description as it can be shown on a terminal.</summary>
    public string ShownDescription => string.Concat((Description ?? "").Select(c => char.IsControl(c) ? ' ' : c));

    private static RunnerScope Of(RunnerScopeKind kind, OwnerEntry[]? owners)
    {
        var id = owners?.FirstOrDefault()?.Id ?? 0;
        return new(kind, id, id.ToString(CultureInfo.InvariantCulture));
    }
}
