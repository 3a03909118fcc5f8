using System.Text;
using System.Text.Json.Nodes;

namespace RunnerWebhook.RunnerStandIn;

/// <summary>The calls to GitLab.</summary>
internal static class GitLabApi
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>Sends a request; null where GitLab can't be reached.</summary>
    public static async Task<ApiAnswer?> Send(string method, string url, string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(new(method), $"{url.TrimEnd('/')}/api/v4{path}")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        try
        {
            using var response = await Client.SendAsync(request);
            return new(response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            Console.Error.WriteLine($"ERROR: {method} {path}: {e.Message}");
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

    /// <summary>What every call tells of the runner.</summary>
    public static JsonObject Info() => new()
    {
        ["name"] = "gitlab-runner",
        ["version"] = RunnerVersion.Text,
        ["platform"] = "linux",
        ["architecture"] = "amd64",
    };
}
