namespace RunnerWebhook.Kubernetes;

/// <summary>Why a call to the API server failed, as far as a caller acts on it.</summary>
internal enum ApiProblem
{
    /// <summary>No cluster is configured, or the configuration can't be used.</summary>
    NotConfigured,

    /// <summary>Nobody answers, the answer takes too long, or TLS fails.</summary>
    Unreachable,

    /// <summary>401: the credentials are not accepted.</summary>
    Unauthorized,

    /// <summary>403: a right is missing.</summary>
    Forbidden,

    /// <summary>404: there is no such object, or no such kind of object.</summary>
    NotFound,

    /// <summary>409: the object exists already, or was changed by somebody else in between.</summary>
    Conflict,

    /// <summary>410: a watch or a list can't go on from where it was; begin anew.</summary>
    Expired,

    /// <summary>Any other refusal, for example by validation or by an admission webhook.</summary>
    Refused,
}
