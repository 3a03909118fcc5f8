namespace RunnerWebhook.GitLab;

/// <summary>Why a call to GitLab failed, as far as a caller acts on it.</summary>
internal enum GitLabProblem
{
    /// <summary>There was no answer, or none of GitLab's. Whether the call was carried out is not known.</summary>
    NoAnswer,

    /// <summary>403: a right is missing.</summary>
    Forbidden,

    /// <summary>404: there is no such thing, or it is hidden from this user.</summary>
    NotFound,

    /// <summary>Any other refusal.</summary>
    Refused,
}
