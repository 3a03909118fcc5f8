namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>Abuse of HTTP/1.1's framing.</summary>
internal static class Http1Cases
{
    private static readonly string Good = AbusedServer.Post(AbusedServer.Review);

    public static AbuseCase[] All { get; } =
    [
        new("garbage", "400, closed", server => server.Exchange("\u0001\u0002\u0003\r\n\r\n")),
        new("a review, then garbage in the same bytes", "200, 400, closed", server => server.Exchange(Good + "\u0001garbage\r\n\r\n")),
        new("500 reviews in one write", "200 × 500", server => server.Exchange(
            string.Concat(Enumerable.Repeat(Good, 500)), TimeSpan.FromSeconds(5))),
        new("HTTP/1.0", "200, closed", server => server.Exchange(Good.Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal))),
        new("HTTP/9.9", "505, closed", server => server.Exchange(Good.Replace("HTTP/1.1", "HTTP/9.9", StringComparison.Ordinal))),
        new("no Host", "400, closed", server => server.Exchange(Good.Replace("Host: localhost\r\n", "", StringComparison.Ordinal))),
        With("two Hosts", "Host: other\r\n", "400, closed"),
        With("two equal Content-Length", $"Content-Length: {AbusedServer.Review.Length}\r\n", "400, closed"),
        With("two different Content-Length", "Content-Length: 5\r\n", "400, closed"),
        Lengthy("a negative Content-Length", "-1", "400, closed"),
        Lengthy("a Content-Length of 30 digits", new string('9', 30), "400, closed"),
        Lengthy("a Content-Length with a plus", "+" + AbusedServer.Review.Length, "200"),
        Lengthy("a list of Content-Length", "5, 5", "400, closed"),
        new("Content-Length and Transfer-Encoding, with a request smuggled after it", "400, closed", server => server.Exchange(
            AbusedServer.Post("0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n", "Transfer-Encoding: chunked\r\n"))),
        Chunked("Transfer-Encoding: `gzip, chunked`", "gzip, chunked", "0\r\n\r\n", "400"),
        Chunked("Transfer-Encoding: `chunked, identity`", "chunked, identity", "0\r\n\r\n", "400, closed"),
        Chunked("a Transfer-Encoding with a control character", "\u000bchunked", "0\r\n\r\n", "400, closed"),
        Chunked("a chunk's length of 20 digits", "chunked", "fffffffffffffffffffff\r\n", "closed"),
        Chunked("a chunk's length that is no number", "chunked", "zz\r\n", "400, closed"),
        Chunked("a chunk that is longer than it says", "chunked", "1\r\n{}{}{}\r\n0\r\n\r\n", "400, closed"),
        Chunked("a chunk's extension of 1 MB", "chunked", "1;" + new string('e', 1_000_000), "408, closed"),
        Chunked("20,000 trailers", "chunked", "2\r\n{}\r\n0\r\n" + string.Concat(Enumerable.Repeat("T: x\r\n", 20_000)) + "\r\n", "431, closed"),
        Chunked("a trailer that overrides the length", "chunked", $"{AbusedServer.Review.Length:x}\r\n{AbusedServer.Review}\r\n0\r\nContent-Length: 3\r\n\r\n", "200"),
        With("10,000 headers", string.Concat(Enumerable.Repeat("X: y\r\n", 10_000)), "431, closed"),
        With("a header of 1 MB", $"X: {new string('y', 1_000_000)}\r\n", "431, closed"),
        With("a header's name with a space", "X Y: z\r\n", "400, closed"),
        With("a header without a colon", "nothing\r\n", "400, closed"),
        With("a folded header", "X: y\r\n z\r\n", "400, closed"),
        With("a header with NUL", "X: a\0b\r\n", "400, closed"),
        With("line ends without carriage return", "X: y\n", "200"),
        With("`Expect: 100-continue`", "Expect: 100-continue\r\n", "200"),
        With("an Expect that does not exist", "Expect: 200-maybe\r\n", "200"),
        With("a Range, conditions and cookies", "Range: bytes=0-0\r\nIf-Match: \"a\"\r\nCookie: a=b; c\r\n", "200"),
        With("`X-Forwarded-Proto: http` and `X-HTTP-Method-Override: GET`",
            "X-Forwarded-Proto: http\r\nX-Forwarded-For: 127.0.0.1\r\nX-HTTP-Method-Override: GET\r\n", "200"),
        new("a header a byte at a time, from 50 connections", "408, closed × 50", server => Slowly(server, "POST /mutate HTTP/1.1\r\nHost: x\r\nX: ")),
        new("a header begun, then silence", "408, closed", server => server.Exchange("POST /mutate HT", TimeSpan.FromSeconds(20))),
    ];

    private static AbuseCase With(string what, string headers, string answer) =>
        new(what, answer, server => server.Exchange(AbusedServer.Post(AbusedServer.Review, headers)));

    private static AbuseCase Lengthy(string what, string length, string answer) => new(what, answer, server => server.Exchange(
        Good.Replace($"Content-Length: {AbusedServer.Review.Length}", $"Content-Length: {length}", StringComparison.Ordinal)));

    private static AbuseCase Chunked(string what, string encoding, string body, string answer) => new(what, answer, server => server.Exchange(
        $"POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: {encoding}\r\n\r\n{body}",
        answer.StartsWith("408", StringComparison.Ordinal) ? TimeSpan.FromSeconds(20) : null));

    private static async Task<string> Slowly(AbusedServer server, string start)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.Drip(start, "y", 500)));
        return string.Join(", ", answers.GroupBy(answer => answer).Select(group => $"{group.Key} × {group.Count()}"));
    }
}
