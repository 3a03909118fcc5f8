namespace RunnerWebhook.Kubernetes;

/// <summary>A call to the API server failed; the message is a sentence that says what, why and what to do. It never
/// holds what was sent.</summary>
internal sealed class ApiException(ApiProblem problem, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public ApiProblem Problem { get; } = problem;

    /// <summary>What the server itself said; null if there was no answer.</summary>
    public ApiStatus? Status { get; init; }
}
