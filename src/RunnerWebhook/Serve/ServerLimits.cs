using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RunnerWebhook.Serve;

/// <summary>What the server grants one client. An API server stays far below every limit.</summary>
internal static class ServerLimits
{
    // The API server waits at most 30 seconds for a webhook: a client that has not sent its headers after 10 is none.
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    // The API server's own idle connections end after 90 seconds.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(130);

    // The API server sends about 500 bytes of headers; a trace's baggage may add up to 8 KiB.
    private const int MaxHeaderBytes = 16 * 1024;
    private const int MaxHeaders = 50;
    private const int MaxRequestLineBytes = 2 * 1024;

    // A review of the usual size in one second; 7 MiB at this rate would still be no API server's.
    private static readonly MinDataRate BodyRate = new(bytesPerSecond: 8 * 1024, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>Sets the limits.</summary>
    public static void Set(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = RequestBody.MaxDiscardedBytes;
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.KeepAliveTimeout = IdleTimeout;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.MaxRequestHeaderCount = MaxHeaders;
        limits.MaxRequestLineSize = MaxRequestLineBytes;
        limits.MinRequestBodyDataRate = BodyRate;
        limits.Http2.MaxRequestHeaderFieldSize = MaxHeaderBytes;
    }
}
