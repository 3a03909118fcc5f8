using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests.Traces;

/// <summary>Traces of the server as a process, set up by OpenTelemetry's own variables.</summary>
public sealed class TraceTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string ParentId = "b7ad6b7169203331";

    private static readonly HttpClient Client = ServerProcess.NewClient();
    private static readonly string[] Parts = ["read", "namespace", "decide", "write"];

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Review_EndpointNamed_IsASpanOfTheApiServersTrace(string protocol)
    {
        await using var receiver = await TraceReceiver.Start(protocol);
        await using var server = Start(new(receiver.Endpoint, protocol), ("OTEL_SERVICE_NAME", "platform-webhook"));
        await server.Ready();
        var body = await Recorded("daemonset-create-dry-run.json");
        await Ask(server, body, $"00-{TraceId}-{ParentId}-01");
        await Ask(server, "{"u8.ToArray(), null, HttpStatusCode.BadRequest);
        await Cluster.Until("spans", () => Task.FromResult(receiver.Spans.Length == 2));

        var span = receiver.Spans.Single(span => span.TraceId == TraceId);
        var request = System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("request");
        Assert.Equal(("POST /mutate", ReceivedSpan.ServerKind, ParentId, 0UL), (span.Name, span.Kind, span.ParentId, span.Status));
        Assert.Equal("platform-webhook", span.Resource["service.name"]);
        Assert.NotEmpty(span.Resource["service.version"]);
        Assert.Equal(request.GetProperty("uid").GetString(), span.Attributes["admission.uid"]);
        Assert.Equal("DaemonSet", span.Attributes["admission.kind"]);
        Assert.Equal(request.GetProperty("namespace").GetString(), span.Attributes["admission.namespace"]);
        Assert.Equal(request.GetProperty("name").GetString(), span.Attributes["admission.name"]);
        Assert.Equal("CREATE", span.Attributes["admission.operation"]);
        Assert.Equal("true", span.Attributes["admission.dry_run"]);
        Assert.Equal("injected", span.Attributes["admission.outcome"]);
        Assert.Equal("200", span.Attributes["http.response.status_code"]);
        Assert.All(Parts, part => Assert.InRange(
            double.Parse(span.Attributes[$"runner_webhook.{part}_ms"], CultureInfo.InvariantCulture), 0, 10_000));

        var refused = receiver.Spans.Single(span => span.TraceId != TraceId);
        Assert.Equal(("", "400"), (refused.ParentId, refused.Attributes["http.response.status_code"]));
        Assert.DoesNotContain("admission.uid", refused.Attributes.Keys);
        Assert.DoesNotContain("gitlab.example.com", receiver.Raw, StringComparison.Ordinal);
        Assert.Contains($"traces go to {receiver.Endpoint}", await server.ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Review_NotSampled_IsNoSpan()
    {
        await using var receiver = await TraceReceiver.Start("http/protobuf");
        await using var server = Start(new(receiver.Endpoint, "http/protobuf"), ("OTEL_TRACES_SAMPLER", "parentbased_always_off"));
        await server.Ready();
        var body = await Recorded("pod-create.json");
        await Ask(server, body, null);
        await Ask(server, body, $"00-{TraceId}-{ParentId}-00");
        await Ask(server, body, $"00-{TraceId}-{ParentId}-01");
        await Ask(server, body, "no-traceparent-at-all");

        Assert.Equal(0, await server.Terminate());
        Assert.Equal(TraceId, receiver.Spans.Single().TraceId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Review_NobodyReceives_IsAnsweredAsQuicklyAndToldOnce(bool silent)
    {
        // A port that refuses, or one that takes connections and never answers.
        var port = Cluster.FreePort();
        using var listener = new TcpListener(IPAddress.Loopback, port);
        if (silent)
        {
            listener.Start();
        }

        await using var server = Start(new($"http://user:never-shown@127.0.0.1:{port}", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "1000"));
        await server.Ready();
        var body = await Recorded("pod-create.json");
        await Ask(server, body, null);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 1000; i++)
        {
            await Ask(server, body, null);
        }

        // A single delivery alone would take a second where nobody answers.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"1000 reviews took {watch.Elapsed}");
        Figures.Add("traces: 1000 reviews in {0}, silent receiver: {1}", watch.Elapsed, silent);
        var lost = $"traces cannot be delivered to http://127.0.0.1:{port}, spans are dropped meanwhile";
        await Cluster.Until("note in the log", async () => (await server.ReadLog()).Contains(lost, StringComparison.Ordinal));
        await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);
        var log = await server.ReadLog();
        Assert.Equal(2, log.Split(lost).Length);
        Assert.DoesNotContain("never-shown", log, StringComparison.Ordinal);

        listener.Stop();
        await using var receiver = await TraceReceiver.Start("http/protobuf", port);
        await Ask(server, body, $"00-{TraceId}-{ParentId}-01");
        await Cluster.Until("delivery", () => Task.FromResult(receiver.Spans.Any(span => span.TraceId == TraceId)));
        await Cluster.Until("note in the log", async () =>
            (await server.ReadLog()).Contains("traces are delivered to", StringComparison.Ordinal));
        Assert.Equal(0, await server.Terminate());
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317", "no traces: OTEL_EXPORTER_OTLP_ENDPOINT is not an http or https URL")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1 OTEL_EXPORTER_OTLP_HEADERS=a",
        "no traces: OpenTelemetry's variables (OTEL_…) can't be used: Headers provided in an invalid format.")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1 OTEL_EXPORTER_OTLP_TIMEOUT=0", "no traces: OpenTelemetry's variables")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1 OTEL_EXPORTER_OTLP_CERTIFICATE=/nowhere", "no traces: OpenTelemetry's variables")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1 OTEL_SDK_DISABLED=true", null)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1 OTEL_TRACES_EXPORTER=none", null)]
    [InlineData("OTEL_SERVICE_NAME=runner-webhook", null)]
    public async Task Start_WithoutAnEndpointOfUse_ServesOnWithoutTraces(string variables, string? told)
    {
        await using var server = new ServerProcess(0, variables.Split(' ').Select(variable => variable.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]));
        await server.Ready();
        await Ask(server, await Recorded("pod-create.json"), $"00-{TraceId}-{ParentId}-01");
        Assert.Equal(0, await server.Terminate());

        var log = await server.ReadLog();
        Assert.Equal(told is not null, log.Contains("traces", StringComparison.Ordinal));
        Assert.Contains(told ?? "serving on port", log, StringComparison.Ordinal);
    }

    private static ServerProcess Start(Receiver receiver, params (string Name, string Value)[] variables) =>
        new(0, new Dictionary<string, string>(variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)))
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = receiver.Protocol,
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });

    private static async Task Ask(
        ServerProcess server, byte[] review, string? traceParent, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Mutate)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(review) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        if (traceParent is not null)
        {
            request.Headers.TryAddWithoutValidation("traceparent", traceParent);
        }

        using var response = await Client.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
    }

    private static Task<byte[]> Recorded(string name) => File.ReadAllBytesAsync(
        Path.Combine(Webhook.Repository, "tests", "admission-reviews", "v1.36.2", name));

    private sealed record Receiver(string Endpoint, string Protocol);
}
