using System.Globalization;

namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>Bodies that are too long, too slow, endless, or no review.</summary>
internal static class BodyCases
{
    private const int Mebibyte = 1024 * 1024;

    private static readonly string Review = AbusedServer.Review;

    public static AbuseCase[] All { get; } =
    [
        new("no body", "400", server => server.Exchange(AbusedServer.Post(""))),
        new("a million opening brackets", "400", server => server.Exchange(AbusedServer.Post(new string('[', 1_000_000)))),
        new("a number of a million digits", "400", server => server.Exchange(AbusedServer.Post(new string('9', 1_000_000)))),
        new("a review with 2.4 million empty lists", "413", server => server.Exchange(
            AbusedServer.Post(Filled("[" + string.Concat(Enumerable.Repeat("[],", 2_400_000)) + "[]]")), TimeSpan.FromSeconds(10))),
        new("a review of 7 MiB, 20 of them at once", "200 × 20", server => AtOnce(server, 20, Filled('"' + new string('x', (7 * Mebibyte) - 4000) + '"'))),
        new("a review with 500,000 numbers, 20 of them at once", "200 × 20", server =>
            AtOnce(server, 20, Filled("[" + string.Concat(Enumerable.Repeat("0,", 500_000)) + "0]"))),
        new("a review with 290,000 names in one object, 20 of them at once", "200 × 20", server => AtOnce(server, 20,
            Filled("{" + string.Join(',', Enumerable.Range(0, 290_000).Select(i => $"\"k{i}\":0")) + "}"))),
        new("a review of 240 KB with 120,000 numbers, 100 of them at once", "200 × 100", server =>
            AtOnce(server, 100, Filled("[" + string.Concat(Enumerable.Repeat("0,", 120_000)) + "0]"))),
        new("8 MiB", "413", server => server.Exchange(AbusedServer.Post(new string(' ', 8 * Mebibyte)), TimeSpan.FromSeconds(10))),
        new("1 GB declared, nothing sent", "413, closed", server => server.Exchange(Declared(1_000_000_000), TimeSpan.FromSeconds(10))),
        new("7 MB declared and one byte sent, from 300 connections", "408, closed × 300", server => Stalled(server, 300, "{")),
        new("a body a byte at a time", "408, closed", server => Trickle(server)),
        new("an endless body in chunks", "413, closed", Endless),
        new("6 MiB of 7 and then silence, from 20 connections", "503 or 408", Hoard),
        new("a body that ends before its declared length", "closed", async server =>
        {
            using var connection = await server.Open();
            await connection.Send(Declared(1000) + "{\"half\":");
            connection.EndSending();
            var (text, isClosed) = await connection.ReadToEnd(TimeSpan.FromSeconds(5));
            return AbusedServer.Describe(text, isClosed);
        }),
    ];

    private static string Declared(long length) => "POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + $"Content-Length: {length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n";

    // The review with a further field in the Pod.
    private static string Filled(string value) => Review.Replace("\"spec\":{", "\"spec\":{\"futureField\":" + value + ",", StringComparison.Ordinal);

    private static async Task<string> AtOnce(AbusedServer server, int count, string body) => Count(await Task.WhenAll(
        Enumerable.Range(0, count).Select(async _ =>
        {
            using var connection = await server.Open();
            await connection.Send(AbusedServer.Post(body));
            var (text, isClosed) = await connection.ReadUntil("\r\n\r\n", TimeSpan.FromSeconds(60));
            return AbusedServer.Describe(text, isClosed);
        })));

    private static async Task<string> Stalled(AbusedServer server, int count, string start) => Count(await Task.WhenAll(
        Enumerable.Range(0, count).Select(_ => server.Exchange(Declared(7_000_000) + start, TimeSpan.FromSeconds(20)))));

    private static Task<string> Trickle(AbusedServer server) => server.Drip(Declared(7_000_000), " ", 100);

    private static async Task<string> Endless(AbusedServer server)
    {
        using var connection = await server.Open();
        await connection.Send("POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        var chunk = "10000\r\n" + new string(' ', 0x10000) + "\r\n";
        var answer = connection.ReadToEnd(TimeSpan.FromSeconds(60));
        try
        {
            while (!answer.IsCompleted)
            {
                await connection.Send(chunk);
            }
        }
        catch (IOException)
        {
            // The server has closed.
        }

        var (text, isClosed) = await answer;
        return AbusedServer.Describe(text, isClosed);
    }

    // Each holds memory that the others need: the oldest are given up.
    private static async Task<string> Hoard(AbusedServer server)
    {
        var text = new string(' ', 6 * Mebibyte);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var connection = await server.Open();
            try
            {
                await connection.Send(Declared(7 * Mebibyte) + text);
            }
            catch (IOException)
            {
                // Given up, and closed.
            }

            var (answer, _) = await connection.ReadUntil("\r\n\r\n", TimeSpan.FromSeconds(60));
            return AbusedServer.Describe(answer, false);
        }));
        return answers.All(answer => answer is "503" or "408") ? "503 or 408" : Count(answers);
    }

    private static string Count(string[] answers) => string.Join(", ",
        answers.GroupBy(answer => answer).Select(group => $"{group.Key} × {group.Count()}"));
}
