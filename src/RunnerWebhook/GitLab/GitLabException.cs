namespace RunnerWebhook.GitLab;

/// <summary>A call to GitLab failed. The message says what was asked, what came back and what to do; it never holds a
/// token.</summary>
internal sealed class GitLabException(GitLabProblem problem, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public GitLabProblem Problem { get; } = problem;
}

/// <summary>Why a call to GitLab failed, as far as callers act on it.</summary>
internal enum GitLabProblem
{
    /// <summary>No answer, or no answer of GitLab's. The call may or may not have been carried out.</summary>
    NoAnswer,

    /// <summary>403: a right is missing.</summary>
    Forbidden,

    /// <summary>404: it does not exist, or this user may not see it.</summary>
    NotFound,

    /// <summary>Any other refusal.</summary>
    Refused,
}
