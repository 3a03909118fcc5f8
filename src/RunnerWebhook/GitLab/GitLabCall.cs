namespace RunnerWebhook.GitLab;

/// <summary>What a call is for, in the words of its error message.</summary>
/// <param name="What">What was asked, as in <c>creating a runner of group 7</c>.</param>
internal sealed record GitLabCall(string What)
{
    /// <summary>The narrowest scope that suffices, other than <c>api</c>.</summary>
    public string ScopesNeeded { get; init; } = "read_api";

    /// <summary>What to do if the user lacks the right.</summary>
    public string RightNeeded { get; init; } = "the user of the access token has no right to it";

    /// <summary>What to do if GitLab finds nothing.</summary>
    public string WhenNotFound { get; init; } =
        "it does not exist, or the user of the access token may not see it";
}
