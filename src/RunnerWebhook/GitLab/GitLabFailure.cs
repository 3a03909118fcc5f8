using System.Net;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.GitLab;

/// <summary>Failed calls as messages.</summary>
internal static class GitLabFailure
{
    private const int MaxMessageLength = 300;

    /// <summary>No answer.</summary>
    public static GitLabException Unreachable(GitLabCall call, GitLabOptions gitLab, Exception why)
    {
        var reason = why switch
        {
            OperationCanceledException =>
                $"gave no answer within {(long)gitLab.Timeout.TotalSeconds} seconds: try again, or wait longer with --timeout",
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
                $"can't be found, as the name {gitLab.Url.Host} does not resolve: check --url, and the DNS",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                $"can't be trusted ({Innermost(why)}): name the CA of its certificate with --ca-file",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
                $"can't be reached ({Innermost(why)}): check --url, and whether GitLab is up",
            _ => $"broke the connection ({Innermost(why)}): try again, and check the proxies between",
        };
        return new(GitLabProblem.NoAnswer, $"{call.What}: {gitLab.Url} {reason}", why);
    }

    /// <summary>The answer is not GitLab's.</summary>
    public static GitLabException NotGitLab(GitLabCall call, GitLabOptions gitLab, HttpStatusCode status, string? contentType) =>
        new(GitLabProblem.NoAnswer, $"{call.What}: {gitLab.Url} answered {(int)status} with "
            + $"{Shown(contentType ?? "no type of content", gitLab)} instead of GitLab's JSON: is --url the address of GitLab "
            + "itself, without a sign-in page or a proxy that answers instead?");

    /// <summary>GitLab redirects; tokens do not follow a redirect.</summary>
    public static GitLabException Redirected(GitLabCall call, GitLabOptions gitLab, Uri? target) => new(GitLabProblem.Refused,
        $"{call.What}: {gitLab.Url} redirects to {Shown(target?.ToString() ?? "nowhere", gitLab)}: give that address as --url");

    /// <summary>GitLab asks for a longer pause than this program makes.</summary>
    public static GitLabException Busy(GitLabCall call, GitLabOptions gitLab, TimeSpan? pause) => new(GitLabProblem.Refused,
        $"{call.What}: {gitLab.Url} answered 429 (too many requests)"
            + (pause is { } time ? $" and asks for a pause of {(long)Math.Ceiling(time.TotalSeconds)} seconds" : "")
            + ": try again later");

    /// <summary>GitLab refused.</summary>
    public static GitLabException Refused(GitLabCall call, GitLabOptions gitLab, HttpStatusCode status, byte[] body)
    {
        var (text, isScope) = Read(body);
        var message = Shown(text, gitLab);
        var answer = $"{call.What}: {gitLab.Url} answered {(int)status} ({(message.Length > 0 ? message : status.ToString())})";
        return status switch
        {
            HttpStatusCode.Unauthorized => new(GitLabProblem.Refused,
                $"{answer}: check that the access token is complete, from this GitLab, and neither expired nor revoked"),
            HttpStatusCode.Forbidden when isScope => new(GitLabProblem.Refused,
                $"{answer}: make an access token with the scope api, or with {call.ScopesNeeded}"),
            HttpStatusCode.Forbidden => new(GitLabProblem.Forbidden, $"{answer}: {call.RightNeeded}"),
            HttpStatusCode.NotFound => new(GitLabProblem.NotFound, $"{answer}: {call.WhenNotFound}"),
            HttpStatusCode.Conflict => new(GitLabProblem.Refused, $"{answer}: another request is changing it: try again"),
            >= HttpStatusCode.InternalServerError => new(GitLabProblem.NoAnswer,
                $"{answer}: GitLab is not able to answer now: try again later"),
            _ => new(GitLabProblem.Refused, $"{answer}: correct what it complains about"),
        };
    }

    private static (string Message, bool IsScope) Read(byte[] body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, GitLabJson.Default.ErrorBody) is not { } error)
            {
                return ("", false);
            }

            var message = Text(error.Message) + Text(error.ErrorDescription);
            var code = Text(error.Error);
            return (message.Length > 0 ? message : code, code == "insufficient_scope");
        }
        catch (JsonException)
        {
            return ("", false);
        }
    }

    // A text, a list of texts, or an object of them by field.
    private static string Text(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Array => string.Join(", ", json.EnumerateArray().Select(Text)),
        JsonValueKind.Object => string.Join("; ",
            json.EnumerateObject().Select(field => $"{field.Name}: {Text(field.Value)}")),
        _ => "",
    };

    // Before it is cut, as a cut token is not recognised.
    private static string Shown(string text, GitLabOptions gitLab) => Short(TokenText.Mask(text, gitLab.AccessToken));

    private static string Short(string text)
    {
        var line = OneLine.Of(text.ReplaceLineEndings(" ").Trim());
        return line.Length <= MaxMessageLength ? line : line[..MaxMessageLength] + "…";
    }

    private static string Innermost(Exception e) =>
        e.InnerException is { } inner ? Innermost(inner) : Short(e.Message);
}
