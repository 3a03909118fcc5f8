using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json.Nodes;

namespace RunnerWebhook.RunnerStandIn;

/// <summary>The calls to GitLab.</summary>
internal static class GitLabApi
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromMinutes(10) };

    /// <summary>Sends a request; null if GitLab can't be reached, the reason of which is <see cref="Failure"/> then. Since 18.3
    /// answers that promise to be better soon are asked for five times, also where the request has taken effect.</summary>
    public static async Task<ApiAnswer?> Send(string method, string url, string path, JsonObject body)
    {
        var token = (string?)body["token"] ?? "";
        if (token.Any(char.IsControl) && RunnerVersion.IsAtLeast(15, 0))
        {
            Failure = "net/http: invalid header field value for \"Runner-Token\"";
            return null;
        }

        for (var attempt = 1; ; attempt++)
        {
            var answer = await SendOnce(method, url, path, body);
            if (answer is null || !RunnerVersion.IsAtLeast(18, 3) || attempt == 5
                || (int)answer.Status is not (408 or 429 or 500 or 502 or 503 or 504 or >= 512))
            {
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20 << attempt));
        }
    }

    private static async Task<ApiAnswer?> SendOnce(string method, string url, string path, JsonObject body)
    {
        var address = $"{url.TrimEnd('/')}/api/v4{path}";
        using var request = new HttpRequestMessage(new(method), address)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        try
        {
            using var response = await Client.SendAsync(request);
            var isJson = response.Content.Headers.ContentType?.MediaType == "application/json";
            return new($"{method} {address}", response.StatusCode, await response.Content.ReadAsStringAsync(), isJson);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            Failure = (RunnerVersion.IsAtLeast(15, 0) ? "execute JSON request: execute request: " : "")
                + $"couldn't execute {method} against {address}: {method[0]}{method[1..].ToLowerInvariant()} \"{address}\": "
                + Reason(e, request.RequestUri!);
            return null;
        }
    }

    /// <summary>Appends to the log of a job.</summary>
    public static async Task Trace(string url, long job, string token, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"{url.TrimEnd('/')}/api/v4/jobs/{job}/trace")
        {
            Content = new StringContent(text, Encoding.UTF8, "text/plain"),
        };
        request.Headers.Add("JOB-TOKEN", token);
        request.Content.Headers.ContentRange = null;
        request.Content.Headers.TryAddWithoutValidation("Content-Range", $"0-{Encoding.UTF8.GetByteCount(text)}");
        using var response = await Client.SendAsync(request);
    }

    /// <summary>Why the last call got no answer, in gitlab-runner's words.</summary>
    public static string Failure { get; private set; } = "";

    /// <summary>The status of an answer as gitlab-runner prints it; newer ones add the call and GitLab's
    /// message to an answer in JSON.</summary>
    public static string Status(ApiAnswer? answer)
    {
        if (answer is null)
        {
            return Failure;
        }

        var status = $"{(int)answer.Status} {Title(answer.Status)}";
        if (!answer.IsJson || answer.IsSuccess || !RunnerVersion.IsAtLeast(14, 3))
        {
            return status;
        }

        return answer.Message == status ? $"{answer.Call}: {status}" : $"{answer.Call}: {status} ({answer.Message})";
    }

    /// <summary>What every call tells of the runner.</summary>
    public static JsonObject Info() => new()
    {
        ["name"] = "gitlab-runner",
        ["version"] = RunnerVersion.Text,
        ["platform"] = "linux",
        ["architecture"] = "amd64",
    };

    // HTTP's own words: "Too Many Requests" for TooManyRequests.
    private static string Title(HttpStatusCode status) =>
        string.Concat(status.ToString().Select((c, index) => index > 0 && char.IsUpper(c) ? $" {c}" : c.ToString()));

    private static string Reason(Exception e, Uri address) => e.GetBaseException() switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "dial tcp: connect: connection refused",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
            $"dial tcp: lookup {address.Host}: no such host",
        TimeoutException or OperationCanceledException => "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
        AuthenticationException when address.Scheme == "https" => "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        _ => "EOF",
    };
}
