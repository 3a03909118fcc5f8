namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>Other paths, methods and types than those of a review.</summary>
internal static class PathCases
{
    private static readonly string[] Methods =
        ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", new string('M', 1000)];

    public static AbuseCase[] All { get; } =
    [
        To("`//mutate`", "//mutate", "404"),
        To("`/mutate/`", "/mutate/", "200"),
        To("`/MUTATE`", "/MUTATE", "200"),
        To("`/mutate/..`", "/mutate/..", "404"),
        To("`/../mutate`", "/../mutate", "200"),
        To("`/x/%2e%2e/mutate`", "/x/%2e%2e/mutate", "200"),
        To("`/mutate%2f`", "/mutate%2f", "404"),
        To("`/mutate%00`", "/mutate%00", "400, closed"),
        To("`/mutate?timeout=5s&x=…` of 1,000 characters", "/mutate?timeout=5s&x=" + new string('y', 1000), "200"),
        To("`/mutate;x=y`", "/mutate;x=y", "404"),
        To("`/mutate/metrics`", "/mutate/metrics", "404"),
        To("`/metrics` and other pages of the admin port", "/metrics", "404"),
        To("the absolute form, `https://localhost/mutate`", "https://localhost/mutate", "200"),
        To("the absolute form of another server", "https://example.com/mutate", "400, closed"),
        To("a target of 64 KB", "/" + new string('a', 65_536), "414, closed"),
        To("`/mutate` with bytes above 127", "/mutate\u00e4", "400, closed"),
        new("every other method: GET, HEAD, PUT, DELETE, PATCH, OPTIONS, TRACE, BREW, one of 1,000 letters", "405 × 9", async server =>
            Count(await Task.WhenAll(Methods.Select(method => server.Exchange(
                AbusedServer.Post(AbusedServer.Review).Replace("POST", method, StringComparison.Ordinal)))))),
        new("CONNECT", "404", server => server.Exchange("CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n")),
        Typed("no content type", null, "415"),
        Typed("a content type of another kind", "application/x-www-form-urlencoded", "415"),
        Typed("a content type of 10 KB", "application/json; x=" + new string('y', 10_000), "200"),
        Typed("a content type that cannot be parsed", "application/json/;;=", "415"),
        new("a body in gzip", "415", server => server.Exchange(AbusedServer.Post("\u001f\u008b\u0008\0", "Content-Encoding: gzip\r\n"))),
        new("`Upgrade: websocket`", "405", server => server.Exchange(
            "GET /mutate HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")),
        new("`Upgrade: h2c`", "200", server => server.Exchange(
            AbusedServer.Post(AbusedServer.Review, "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"))),
    ];

    private static AbuseCase To(string what, string target, string answer) =>
        new(what, answer, server => server.Exchange(AbusedServer.Post(AbusedServer.Review, target: target)));

    private static AbuseCase Typed(string what, string? type, string answer) => new(what, answer, server => server.Exchange(
        AbusedServer.Post(AbusedServer.Review).Replace("Content-Type: application/json\r\n",
            type is null ? "" : $"Content-Type: {type}\r\n", StringComparison.Ordinal)));

    private static string Count(string[] answers) => string.Join(", ",
        answers.GroupBy(answer => answer).Select(group => $"{group.Key} × {group.Count()}"));
}
