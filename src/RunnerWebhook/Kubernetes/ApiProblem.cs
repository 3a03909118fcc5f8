namespace RunnerWebhook.Kubernetes;

/// <summary>Why a call to the API server failed, as far as a caller acts on it.</summary>
internal enum ApiProblem
{
    /// <summary>No cluster is configured, or the configuration can't be used.</summary>
    NotConfigured,

    /// <summary>The server cannot be reached, it takes too long to answer, or TLS fails.</summary>
    Unreachable,

    /// <summary>The answer is not JSON: it probably comes from a proxy.</summary>
    Unreadable,

    /// <summary>401: the server does not accept the credentials.</summary>
    Unauthorized,

    /// <summary>403: a right is missing.</summary>
    Forbidden,

    /// <summary>404: there is no such object, or no such kind of object.</summary>
    NotFound,

    /// <summary>409: the object exists already, or has changed in between.</summary>
    Conflict,

    /// <summary>410: a watch or a list cannot continue from its version; list again.</summary>
    Expired,

    /// <summary>Any other refusal, for example by validation or by an admission webhook.</summary>
    Refused,
}
