namespace RunnerWebhook.GitLab;

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
