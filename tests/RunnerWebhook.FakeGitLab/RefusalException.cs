using System.Text.Json.Nodes;

namespace RunnerWebhook.FakeGitLab;

/// <summary>Ends a request with an error as GitLab words it.</summary>
/// <param name="status">The status code.</param>
/// <param name="body">The body, JSON.</param>
public sealed class RefusalException(int status, string body) : Exception(body)
{
    /// <summary>The status code.</summary>
    public int Status { get; } = status;

    /// <summary>An error of GitLab's own code: <c>{"message": "403 Forbidden"}</c>.</summary>
    internal static RefusalException Because(int status, string message) =>
        new(status, Json.Text(new JsonObject { ["message"] = message }));

    /// <summary>An error of the framework below it: <c>{"error": "token is missing"}</c>.</summary>
    internal static RefusalException Invalid(int status, string error) =>
        new(status, Json.Text(new JsonObject { ["error"] = error }));

    internal static RefusalException Forbidden(string why = "") =>
        Because(403, why.Length == 0 ? "403 Forbidden" : $"403 Forbidden - {why}");

    internal static RefusalException NotFound(string what) => Because(404, $"404 {what} Not Found");
}
