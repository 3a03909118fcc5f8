namespace RunnerWebhook.GitLab;

/// <summary>A call to GitLab failed; the message is a sentence that says what was asked, what came back and what to do.
/// It holds no token.</summary>
internal sealed class GitLabException(GitLabProblem problem, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public GitLabProblem Problem { get; } = problem;
}
