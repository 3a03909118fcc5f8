namespace RunnerWebhook.GitLab;

/// <summary>The body of <c>POST /user/runners</c>; what is null is left to GitLab.</summary>
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
