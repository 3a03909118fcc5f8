using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using RunnerWebhook.ClusterTests.ControlPlane;

namespace RunnerWebhook.ClusterTests.Traces;

/// <summary>A receiver of traces on 127.0.0.1, by OTLP over HTTP/1.1 or over gRPC.</summary>
internal sealed class TraceReceiver : IAsyncDisposable
{
    private const int GrpcHeader = 5;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReadOnlyMemory<byte>> _requests = new();

    private TraceReceiver(WebApplication app, int port) => (_app, Endpoint) = (app, $"http://127.0.0.1:{port}");

    public string Endpoint { get; }

    public ReceivedSpan[] Spans => [.. _requests.SelectMany(ReceivedSpan.Read)];

    /// <summary>Everything received, as text where it is text.</summary>
    public string Raw => string.Concat(_requests.Select(request => Encoding.UTF8.GetString(request.Span)));

    /// <summary>Starts it.</summary>
    /// <param name="protocol">The protocol, as the variable names it: <c>http/protobuf</c> or <c>grpc</c>.</param>
    /// <param name="port">Its port; any free one by default.</param>
    public static async Task<TraceReceiver> Start(string protocol, int? port = null)
    {
        var isGrpc = protocol == "grpc";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var own = port ?? Cluster.FreePort();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, own,
            listen => listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var receiver = new TraceReceiver(builder.Build(), own);
        receiver._app.MapPost(isGrpc ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export" : "/v1/traces",
            (RequestDelegate)(context => receiver.Take(context, isGrpc ? GrpcHeader : 0)));
        await receiver._app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Take(HttpContext context, int header)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _requests.Enqueue(body.ToArray().AsMemory(header));
        if (header > 0)
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[GrpcHeader]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
