using System.Net;
using RunnerWebhook.Tests;
using static RunnerWebhook.ClusterTests.Abuse.Http2Client;

namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>Too much of what is allowed.</summary>
internal static class FloodCases
{
    private const int InitialWindow = 4;

    public static AbuseCase[] All { get; } =
    [
        new("3,000 idle connections over TLS", "served, and at most 500 are open", server => Idle(server, 3000, null)),
        new("3,000 idle connections of HTTP/2", "served, and at most 500 are open", server => Idle(server, 3000, "h2")),
        new("2,000 connections opened and closed at once", "served", Churn),
        Flood("HTTP/2: 100,000 streams opened and reset (rapid reset)", "closed", (client, i) =>
            client.Headers((i * 2) + 1, EndHeaders).Add(Reset, 0, (i * 2) + 1, Number(8)), 100_000),
        Flood("HTTP/2: 20,000 reviews whose answers are reset", "bounded", (client, i) =>
            client.Review((i * 2) + 1).Add(Reset, 0, (i * 2) + 1, Number(8)), 20_000),
        Flood("HTTP/2: headers that never end (100,000 CONTINUATION)", "goaway", (client, i) =>
            client.Add(i == 0 ? HeadersFrame : Continuation, 0, 1, Encode(("x", "y"))), 100_000),
        Flood("HTTP/2: 100,000 empty CONTINUATION", "bounded", (client, i) =>
            client.Add(i == 0 ? HeadersFrame : Continuation, 0, 1, i == 0 ? Encode(Request) : []), 100_000),
        Flood("HTTP/2: 100,000 SETTINGS", "bounded", (client, _) => client.Add(Settings, 0, 0, [0, 4, 0, 1, 0, 0]), 100_000),
        Flood("HTTP/2: 100,000 PING", "bounded", (client, _) => client.Add(Ping, 0, 0, new byte[8]), 100_000),
        Flood("HTTP/2: 100,000 PRIORITY", "bounded", (client, i) => client.Add(Priority, 0, (i * 2) + 1, [0, 0, 0, 0, 0]), 100_000),
        Flood("HTTP/2: 100,000 WINDOW_UPDATE", "bounded", (client, _) => client.Add(WindowUpdate, 0, 0, Number(1)), 100_000),
        Flood("HTTP/2: 100,000 empty DATA", "bounded", (client, i) => (i == 0 ? client.Headers(1, EndHeaders) : client).Add(Data, 0, 1, []), 100_000),
        Flood("HTTP/2: 100,000 frames of an unknown type", "bounded", (client, _) => client.Add(0x99, 0, 0, new byte[8]), 100_000),
        new("HTTP/2: 300 streams at once", "reset REFUSED_STREAM × 200", async server =>
        {
            using var client = await Open(server);
            for (var i = 0; i < 300; i++)
            {
                client.Headers((i * 2) + 1, EndHeaders);
            }

            return await client.Outcome();
        }),
        new("HTTP/2: 2,000 reviews whose answers are never read (window 0), from 20 connections", "bounded", server => Unread(server, 20)),
        new("HTTP/2: a compressed header that grows 100 times (HPACK bomb)", "goaway or 431", Bomb),
        new("HTTP/2: an endless body", "413", EndlessBody),
        new("HTTP/2: more of a body than the window allows", "goaway FLOW_CONTROL_ERROR, closed", async server =>
        {
            using var client = await Open(server);
            client.Headers(1, EndHeaders);
            for (var i = 0; i < 200; i++)
            {
                client.Add(Data, 0, 1, new byte[16_000]);
            }

            return await client.Outcome();
        }),
        new("HTTP/2: 100 bodies begun, then silence", "closed", async server =>
        {
            using var client = await Open(server);
            for (var i = 0; i < 100; i++)
            {
                client.Headers((i * 2) + 1, EndHeaders).Add(Data, 0, (i * 2) + 1, "{"u8);
            }

            return (await client.Outcome(15)).Split(", ")[^1];
        }),
    ];

    // What comes back may be nothing, or the server's own end; both are bounded.
    private static AbuseCase Flood(string what, string answer, Action<Http2Client, int> frame, int count) => new(what, answer, async server =>
    {
        using var client = await Open(server);
        var read = client.Read(60);
        var isTaken = true;
        for (var i = 0; i < count && isTaken; i++)
        {
            frame(client, i);
            if (i % 100 == 99)
            {
                isTaken = await client.Send();
            }
        }

        await Task.WhenAny(read, Task.Delay(500));
        client.Dispose();
        var events = await read;
        return answer == "bounded" || events.Contains(answer, StringComparison.Ordinal) ? answer : events;
    });

    private static async Task<string> Idle(AbusedServer server, int count, string? protocol)
    {
        var connections = new List<RawConnection>();
        try
        {
            for (var i = 0; i < count; i += 50)
            {
                connections.AddRange(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => RawConnection.OpenTls(server.Port, protocol))));
            }

            var good = await server.Exchange(AbusedServer.Post(AbusedServer.Review));
            var ends = await Task.WhenAll(connections.Select(connection => connection.ReadToEnd(TimeSpan.FromSeconds(2))));
            var open = ends.Count(end => !end.IsClosed);
            return $"{(good == "200" ? "served" : good)}, and {(open <= 500 ? "at most 500" : $"{open}")} are open";
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task<string> Churn(AbusedServer server)
    {
        for (var i = 0; i < 2000; i += 50)
        {
            Array.ForEach(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => RawConnection.Open(server.Port))), one => one.Dispose());
        }

        var good = await server.Exchange(AbusedServer.Post(AbusedServer.Review));
        return good == "200" ? "served" : good;
    }

    private static async Task<string> Unread(AbusedServer server, int connections)
    {
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using var client = await Open(server, (InitialWindow, 0));
            for (var i = 0; i < 100; i++)
            {
                client.Review((i * 2) + 1);
            }

            await client.Outcome(10);
        }));
        return "bounded";
    }

    // A long header once in the dynamic table, and then its index, a byte each.
    private static async Task<string> Bomb(AbusedServer server)
    {
        using var client = await Open(server);
        byte[] entry = [0x40, .. Encode(("x", new string('y', 4000)))[1..]];
        client.Add(HeadersFrame, EndHeaders | EndStream, 1, [.. Encode(Request), .. entry]);
        client.Add(HeadersFrame, EndHeaders | EndStream, 3, [.. Encode(Request), .. Enumerable.Repeat((byte)(0x80 | 62), 10_000)]);
        var events = await client.Outcome();
        return events.Contains("goaway", StringComparison.Ordinal) || events.Contains("431", StringComparison.Ordinal) ? "goaway or 431" : events;
    }

    // The client heeds the window.
    private static async Task<string> EndlessBody(AbusedServer server)
    {
        using var client = ServerProcess.NewClient();
        using var content = new EndlessContent();
        using var response = await client.PostAsync(new Uri($"https://127.0.0.1:{server.Port}/mutate"), content);
        return $"{(int)response.StatusCode}";
    }

    private sealed class EndlessContent : HttpContent
    {
        public EndlessContent() => Headers.ContentType = new("application/json");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            while (true)
            {
                await stream.WriteAsync(new byte[64 * 1024]);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
