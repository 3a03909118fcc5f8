using System.Globalization;

namespace RunnerWebhook.FakeGitLab;

/// <summary>An answer that is given whatever was asked.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentType">The type of the body.</param>
/// <param name="Body">The body.</param>
/// <param name="RetryAfter">The header of that name; empty for none.</param>
public sealed record CannedAnswer(int Status, string ContentType, string Body, string RetryAfter = "")
{
    /// <summary>The header of that name; empty for none.</summary>
    public string Location { get; init; } = "";

    /// <summary>What the proxy in front of a GitLab that is restarting says.</summary>
    public static CannedAnswer BadGateway { get; } =
        new(502, "text/html; charset=utf-8", "<!DOCTYPE html>\n<title>GitLab is not responding (502)</title>\n");

    /// <summary>What a sign-in page in front of GitLab says.</summary>
    public static CannedAnswer SignInPage { get; } =
        new(200, "text/html; charset=utf-8", "<!DOCTYPE html>\n<title>Sign in</title>\n");

    /// <summary>What GitLab says to somebody who asks too often.</summary>
    public static CannedAnswer TooManyRequests(int seconds) =>
        new(429, "text/plain", "Retry later\n", seconds.ToString(CultureInfo.InvariantCulture));
}
