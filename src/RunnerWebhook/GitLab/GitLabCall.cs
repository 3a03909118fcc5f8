namespace RunnerWebhook.GitLab;

/// <summary>What a call is for, in words that its failure is told with.</summary>
/// <param name="What">What was asked, as a noun: <c>creating a runner of group 7</c>.</param>
internal sealed record GitLabCall(string What)
{
    /// <summary>The narrowest scopes that would do, besides <c>api</c>.</summary>
    public string ScopesNeeded { get; init; } = "read_api";

    /// <summary>What to do where the user lacks the right.</summary>
    public string RightNeeded { get; init; } = "the user of the access token has no right to it";

    /// <summary>What to do where GitLab finds nothing.</summary>
    public string WhenNotFound { get; init; } =
        "there is no such thing, or the user of the access token may not see it";
}
