namespace RunnerWebhook.GitLab;

/// <summary>The jobs that a runner may take: of all projects, of one group, or of one project.</summary>
/// <param name="Kind">Which of the three.</param>
/// <param name="Id">The group's or project's ID; 0 for the instance.</param>
/// <param name="Path">The path or ID that the user gave; empty for the instance.</param>
internal sealed record RunnerScope(RunnerScopeKind Kind, long Id, string Path)
{
    /// <summary>The whole GitLab.</summary>
    public static RunnerScope Instance { get; } = new(RunnerScopeKind.Instance, 0, "");

    /// <summary>GitLab's word for it.</summary>
    public string RunnerType => Kind switch
    {
        RunnerScopeKind.Instance => "instance_type",
        RunnerScopeKind.Group => "group_type",
        _ => "project_type",
    };

    /// <summary>The path of the call that lists its runners, possibly with others.</summary>
    public string ListPath => Kind switch
    {
        RunnerScopeKind.Instance => "runners/all?type=instance_type",
        RunnerScopeKind.Group => $"groups/{Id}/runners?type=group_type",
        _ => $"projects/{Id}/runners?type=project_type",
    };

    /// <summary>The access token that may create and change its runners.</summary>
    public string RightNeeded => Kind switch
    {
        RunnerScopeKind.Instance => "this needs an administrator's access token",
        RunnerScopeKind.Group => $"this needs the access token of an owner of group {Path}",
        _ => $"this needs the access token of a maintainer of project {Path}",
    };

    /// <summary>As in <c>the instance</c>, <c>group 7</c>.</summary>
    public override string ToString() => Kind switch
    {
        RunnerScopeKind.Instance => "the instance",
        RunnerScopeKind.Group => $"group {Path}",
        _ => $"project {Path}",
    };
}

/// <summary>The three kinds of <see cref="RunnerScope"/>.</summary>
internal enum RunnerScopeKind
{
    /// <summary>All projects.</summary>
    Instance,

    /// <summary>The projects of a group and its subgroups.</summary>
    Group,

    /// <summary>One project.</summary>
    Project,
}
