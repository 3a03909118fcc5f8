using System.Net;
using System.Text.Json;

namespace RunnerWebhook.Kubernetes;

/// <summary>Failed calls as sentences.</summary>
internal static class ApiFailure
{
    /// <summary>The server could not be reached, or did not answer in time.</summary>
    public static ApiException Unreachable(ClusterCredentials credentials, Exception why) => new(ApiProblem.Unreachable,
        $"the API server {credentials.Server} ({credentials.Source}) can't be reached: {Innermost(why)}", why);

    /// <summary>The server answered with something other than JSON, as a proxy's login page.</summary>
    public static ApiException Unreadable(ClusterCredentials credentials, HttpMethod method, string path, Exception why) =>
        new(ApiProblem.Unreadable, $"the API server {credentials.Server} ({credentials.Source}) answered something that is not "
            + $"JSON ({method} {path.Split('?')[0]}): is there a proxy in between? {why.Message}", why);

    /// <summary>The server answered with JSON that the API server does not send.</summary>
    public static ApiException NotKubernetes(ClusterCredentials credentials, HttpMethod method, string path) =>
        new(ApiProblem.Unreadable, $"{credentials.Server} ({credentials.Source}) answered {method} {path.Split('?')[0]} "
            + "with JSON that is not of Kubernetes: is it the address of the API server itself?");

    /// <summary>The server answered with a failure.</summary>
    /// <param name="method">What was asked.</param>
    /// <param name="path">Of what.</param>
    /// <param name="source">Which cluster it is.</param>
    /// <param name="code">The answer's status code.</param>
    /// <param name="body">The answer's body: a Status of the API server, or the text of a proxy.</param>
    public static ApiException Read(HttpMethod method, string path, string source, HttpStatusCode code, byte[] body) =>
        Describe(method, path, source, ApiStatus.Read((int)code, body));

    /// <summary>The server ended a watch with a failure.</summary>
    public static ApiException Read(HttpMethod method, string path, string source, JsonElement status) =>
        Describe(method, path, source, ApiStatus.Read(null, status));

    private static ApiException Describe(HttpMethod method, string path, string source, ApiStatus status)
    {
        var what = $"{method} {path.Split('?')[0]}";
        var (code, message) = (status.Code, status.Message);
        var (problem, sentence) = code switch
        {
            401 => (ApiProblem.Unauthorized, $"the API server doesn't accept the credentials of {source} "
                + $"({what}: {code} {message}): have they expired?"),
            403 => (ApiProblem.Forbidden, $"a right is missing: {message} ({what}: {code})"),
            404 => (ApiProblem.NotFound, $"{message} ({what}: {code})"),
            409 => (ApiProblem.Conflict, $"{message} ({what}: {code})"),
            410 => (ApiProblem.Expired, $"{message} ({what}: {code})"),
            // Too many requests, or a proxy that reaches no server, or a server that starts or stops.
            429 or 502 or 503 or 504 => (ApiProblem.Unreachable, "the API server is not able to answer now: "
                + $"{message} ({what}: {code})"),
            _ => (ApiProblem.Refused, $"the API server refused it: {message} ({what}: {code})"),
        };
        return new(problem, sentence) { Status = status };
    }

    private static string Innermost(Exception e) => e switch
    {
        OperationCanceledException => "no answer in time",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "its answer is too long",
        { InnerException: { } inner } => Innermost(inner),
        _ => e.Message,
    };
}
