using System.Text;
using static RunnerWebhook.ClusterTests.Abuse.Http2Client;

namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>Abuse of HTTP/2's frames, one at a time.</summary>
internal static class Http2Cases
{
    private static readonly byte[] Body = Encoding.Latin1.GetBytes(AbusedServer.Review);

    public static AbuseCase[] All { get; } =
    [
        Case("a review", "200", client => client.Review(1)),
        Case("DATA for stream 0", "goaway PROTOCOL_ERROR, closed", client => client.Add(Data, 0, 0, Body)),
        Case("DATA for a stream that was never opened", "goaway PROTOCOL_ERROR, closed", client => client.Add(Data, 0, 5, Body)),
        Case("a stream of the server's (even)", "goaway PROTOCOL_ERROR, closed", client => client.Headers(2, EndHeaders | EndStream)),
        Case("a stream older than one before", "goaway STREAM_CLOSED, closed", client => client.Headers(5, EndHeaders).Headers(3, EndHeaders)),
        // Once the review is answered, so that the order of the two is the same each time.
        new("HTTP/2: DATA after the end of a stream", "200, goaway STREAM_CLOSED, closed", async server =>
        {
            using var client = await Open(server);
            await client.Review(1).Outcome();
            return await client.Add(Data, EndStream, 1, Body).Outcome();
        }),
        Case("a frame of 1 MB", "goaway FRAME_SIZE_ERROR, closed", client => client.Headers(1, EndHeaders).Add(Data, 0, 1, new byte[1_000_000])),
        Case("a frame of an unknown type", "200", client => client.Add(0x42, 0xff, 0, "whatever"u8).Review(1)),
        Case("PUSH_PROMISE", "goaway PROTOCOL_ERROR, closed", client => client.Add(Push, EndHeaders, 1, new byte[8])),
        Case("SETTINGS of 5 bytes", "goaway FRAME_SIZE_ERROR, closed", client => client.Add(Settings, 0, 0, new byte[5])),
        Case("SETTINGS for a stream", "goaway PROTOCOL_ERROR, closed", client => client.Add(Settings, 0, 1, new byte[6])),
        Case("a window that overflows", "goaway FLOW_CONTROL_ERROR, closed", client =>
            client.Add(WindowUpdate, 0, 0, Number(0x7fffffff)).Add(WindowUpdate, 0, 0, Number(0x7fffffff))),
        Case("a window that grows by 0", "goaway PROTOCOL_ERROR, closed", client => client.Add(WindowUpdate, 0, 0, Number(0))),
        Case("PING of 7 bytes", "goaway FRAME_SIZE_ERROR, closed", client => client.Add(Ping, 0, 0, new byte[7])),
        Case("RST_STREAM for a stream that was never opened", "goaway PROTOCOL_ERROR, closed", client => client.Add(Reset, 0, 7, Number(8))),
        Case("a stream that depends on itself", "goaway PROTOCOL_ERROR, closed", client => client.Add(Priority, 0, 1, [0, 0, 0, 1, 0])),
        Case("padding longer than the frame", "goaway PROTOCOL_ERROR, closed", client =>
            client.Headers(1, EndHeaders).Add(Data, 8, 1, [200, 1, 2])),
        Case("an index that is not in HPACK's table", "goaway COMPRESSION_ERROR, closed", client =>
            client.Add(HeadersFrame, EndHeaders | EndStream, 1, [0xff, 0xff, 0xff, 0x7f])),
        Case("a Huffman code that is none", "goaway COMPRESSION_ERROR, closed", client =>
            client.Add(HeadersFrame, EndHeaders | EndStream, 1, [0, 0x84, 0xff, 0xff, 0xff, 0xff, 1, 65])),
        Case("a header table of 4 GB", "goaway COMPRESSION_ERROR, closed", client =>
            client.Add(HeadersFrame, EndHeaders | EndStream, 1, [0x3f, 0xe1, 0xff, 0xff, 0xff, 0x0f])),
        Case("CONTINUATION without HEADERS", "goaway PROTOCOL_ERROR, closed", client => client.Add(Continuation, EndHeaders, 1, Encode(Request))),
        Case("another stream's frame within headers", "goaway PROTOCOL_ERROR, closed", client =>
            client.Headers(1, 0).Add(Data, 0, 1, Body)),
        Header("no path", [(":method", "POST"), (":scheme", "https")], "reset PROTOCOL_ERROR"),
        Header("two paths", [.. Request, (":path", "/metrics")], "goaway PROTOCOL_ERROR, closed"),
        Header("a pseudo-header after the others", [.. Request[..2], ("a", "b"), .. Request[2..]], "goaway PROTOCOL_ERROR, closed"),
        Header("an unknown pseudo-header", [.. Request, (":status", "200")], "goaway PROTOCOL_ERROR, closed"),
        Header("a header in capital letters", [.. Request, ("Upper", "x")], "goaway PROTOCOL_ERROR, closed"),
        Header("`connection: close`", [.. Request, ("connection", "close")], "goaway PROTOCOL_ERROR, closed"),
        Header("`te: gzip`", [.. Request, ("te", "gzip")], "goaway PROTOCOL_ERROR, closed"),
        Header("a line end in a header", [.. Request, ("x", "a\r\nb: c")], "goaway PROTOCOL_ERROR, closed"),
        Header("a scheme of http", [(":method", "POST"), (":scheme", "http"), .. Request[2..]], "reset PROTOCOL_ERROR"),
        Header("another server's authority and Host", [.. Request[..3], (":authority", "a"), ("host", "b"), Request[4]], "400"),
        Header("60 headers", [.. Request, .. Enumerable.Range(0, 60).Select(i => ($"x{i}", "y"))], "431"),
        Header("a header of 15 KB", [.. Request, ("x", new string('y', 15_000))], "400"),
        Case("more bytes than Content-Length", "reset PROTOCOL_ERROR", client =>
            client.Headers(1, EndHeaders, ("content-length", "3")).Add(Data, EndStream, 1, Body)),
        Case("fewer bytes than Content-Length", "reset PROTOCOL_ERROR", client =>
            client.Headers(1, EndHeaders, ("content-length", "100000")).Add(Data, EndStream, 1, Body)),
        Case("trailers after the body", "200", client => client.Headers(1, EndHeaders).Add(Data, 0, 1, Body)
            .Add(HeadersFrame, EndHeaders | EndStream, 1, Encode(("x", "y")))),
        Case("a pseudo-header in the trailers", "goaway PROTOCOL_ERROR, closed", client => client.Headers(1, EndHeaders).Add(Data, 0, 1, Body)
            .Add(HeadersFrame, EndHeaders | EndStream, 1, Encode((":path", "/")))),
    ];

    private static AbuseCase Case(string what, string answer, Action<Http2Client> frames) => new($"HTTP/2: {what}", answer, async server =>
    {
        using var client = await Open(server);
        frames(client);
        return await client.Outcome();
    });

    private static AbuseCase Header(string what, (string, string)[] headers, string answer) =>
        Case(what, answer, client => client.Add(HeadersFrame, EndHeaders | EndStream, 1, Encode(headers)));
}
