using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RunnerWebhook.Serve;

/// <summary>What the server grants its clients, all of them together in a container of 256 MiB. An API server stays far
/// below every limit.</summary>
internal static class ServerLimits
{
    /// <summary>
    /// The longest body that is reviewed: 7 MiB. The API server accepts objects of up to 3 MiB; an UPDATE sends two of them,
    /// and the rest of the review is small.
    /// </summary>
    public const int MaxReviewBytes = 7 * 1024 * 1024;

    /// <summary>The most JSON values and member names of a review. Two objects of 1.5 MiB, the most that etcd stores, have this
    /// many if each takes 5 bytes; a Pod's take about 12. The parser needs 12 bytes for each.</summary>
    public const int MaxReviewValues = 600_000;

    /// <summary>The longest body that is read and discarded, so that the client receives an answer and keeps its
    /// connection; the connection of a longer one is closed.</summary>
    public const int MaxDiscardedBytes = 64 * 1024 * 1024;

    /// <summary>From this size on a body is large: it is not one of hundreds that are in memory and decided at once, but one of
    /// <see cref="MaxLargeBodies"/>. API servers send 3 to 10 KB as a rule. A smaller one takes 2 ms at most to decide, so that
    /// 50 that arrive at once hold others up for 50 ms on two processors.</summary>
    public const int LargeReviewBytes = 64 * 1024;

    /// <summary>How many large bodies are read at once; the others wait. They are decided one at a time: the longest one takes
    /// 35 MiB meanwhile, the other five 7 MiB each.</summary>
    public const int MaxLargeBodies = 6;

    /// <summary>The memory of all smaller bodies: 1,500 of usual size, or 384 that are almost large.</summary>
    public const int MaxBodyMemory = 24 * 1024 * 1024;

    /// <summary>The most connections of both ports: an API server keeps a handful. An idle one takes about 55 KB.</summary>
    public const int MaxConnections = 500;

    // The API server waits at most 30 seconds for a webhook: a client that has not sent its headers after 10 is none.
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    // The API server's own idle connections end after 90 seconds.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(130);

    // The API server sends about 500 bytes of headers; a trace's baggage may add up to 8 KiB.
    private const int MaxHeaderBytes = 16 * 1024;
    private const int MaxHeaders = 50;
    private const int MaxRequestLineBytes = 2 * 1024;

    // The longest review within the 30 seconds that an API server waits at most.
    private static readonly MinDataRate BodyRate =
        new(bytesPerSecond: MaxReviewBytes / 30, gracePeriod: TimeSpan.FromSeconds(5));

    // An answer of the usual size within a second. Answers that are not read fill the memory.
    private static readonly MinDataRate AnswerRate = new(bytesPerSecond: 16 * 1024, gracePeriod: TimeSpan.FromSeconds(3));

    // Bytes that wait for their reader: a review of the usual size fits twice.
    private const int BufferBytes = 64 * 1024;

    /// <summary>Sets the limits.</summary>
    public static void Set(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = MaxDiscardedBytes;
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.KeepAliveTimeout = IdleTimeout;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.MaxRequestHeaderCount = MaxHeaders;
        limits.MaxRequestLineSize = MaxRequestLineBytes;
        limits.MaxRequestBufferSize = BufferBytes;
        limits.MaxResponseBufferSize = BufferBytes;
        limits.MinRequestBodyDataRate = BodyRate;
        limits.MinResponseDataRate = AnswerRate;
        limits.Http2.MaxRequestHeaderFieldSize = MaxHeaderBytes;
        limits.Http2.InitialStreamWindowSize = BufferBytes * 2;
        limits.Http2.InitialConnectionWindowSize = BufferBytes * 8;
    }
}
