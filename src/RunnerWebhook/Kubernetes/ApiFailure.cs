using System.Net;
using System.Text;
using System.Text.Json;

namespace RunnerWebhook.Kubernetes;

/// <summary>Failed calls as sentences.</summary>
internal static class ApiFailure
{
    private const string NoReason = "no reason given";

    /// <summary>Nobody answered.</summary>
    public static ApiException Unreachable(ClusterCredentials credentials, Exception why) => new(ApiProblem.Unreachable,
        $"the API server {credentials.Server} ({credentials.Source}) can't be reached: {Innermost(why)}", why);

    /// <summary>The server answered with a failure.</summary>
    /// <param name="method">What was asked.</param>
    /// <param name="path">Of what.</param>
    /// <param name="source">Which cluster it is.</param>
    /// <param name="status">The answer's status code.</param>
    /// <param name="body">The answer's body: a Status of the API server, or whatever a proxy says.</param>
    public static ApiException Read(HttpMethod method, string path, string source, HttpStatusCode status, byte[] body) =>
        Describe(method, path, source, (int)status, Message(body));

    /// <summary>The server ended a watch with a failure.</summary>
    public static ApiException Read(HttpMethod method, string path, string source, JsonElement status) =>
        Describe(method, path, source, status.TryGetProperty("code", out var code) ? code.GetInt32() : 500,
            Message(status));

    private static ApiException Describe(HttpMethod method, string path, string source, int status, string message)
    {
        var what = $"{method} {path.Split('?')[0]}";
        return status switch
        {
            401 => new(ApiProblem.Unauthorized, $"the API server doesn't accept the credentials of {source} "
                + $"({what}: {status} {message}): have they expired?"),
            403 => new(ApiProblem.Forbidden, $"a right is missing: {message} ({what}: {status})"),
            404 => new(ApiProblem.NotFound, $"{message} ({what}: {status})"),
            409 => new(ApiProblem.Conflict, $"{message} ({what}: {status})"),
            410 => new(ApiProblem.Expired, $"{message} ({what}: {status})"),
            // Too many requests, or a proxy without a server behind it, or a server that starts or stops.
            429 or 502 or 503 or 504 => new(ApiProblem.Unreachable, $"the API server is not able to answer now: {message} "
                + $"({what}: {status})"),
            _ => new(ApiProblem.Refused, $"the API server refused it: {message} ({what}: {status})"),
        };
    }

    private static string Message(byte[] body)
    {
        try
        {
            return Message(JsonElement.Parse(body));
        }
        catch (JsonException)
        {
            var text = Encoding.UTF8.GetString(body).Trim();
            return text.Length switch { 0 => NoReason, <= 200 => text, _ => text[..200] + "…" };
        }
    }

    private static string Message(JsonElement status) =>
        status.ValueKind == JsonValueKind.Object && status.TryGetProperty("message", out var message)
            && message.ValueKind == JsonValueKind.String ? message.GetString()! : NoReason;

    private static string Innermost(Exception e) => e switch
    {
        OperationCanceledException => "no answer in time",
        { InnerException: { } inner } => Innermost(inner),
        _ => e.Message,
    };
}
