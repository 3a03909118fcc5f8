using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Whatever is sent, the client learns what to do, and its connection serves the next request.</summary>
public sealed class BadRequestTests
{
    private static readonly string GoodReview = Reviews.Create(SampleObjects.Pod());

    public static IEnumerable<TheoryDataRow<string, int, string>> BadBodies() =>
    [
        new("", 400, "the body is empty"),
        new("{\"kind\":\"AdmissionRev", 400, "not valid JSON"),
        new(new string('[', 200) + new string(']', 200), 400, "not valid JSON"),
        new("null", 400, "must be an AdmissionReview, but is null"),
        new("[]", 400, "must be an AdmissionReview, but is a list"),
        new("""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":null}""", 400, "request must be an object, but is null"),
        new("""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}""", 400, "request must be an object, but is missing"),
        new("""{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{}}""", 400, "admissionReviewVersions: [v1]"),
        new("""{"apiVersion":"v1","kind":"List","items":[]}""", 400, "must be admission.k8s.io/v1 AdmissionReview"),
        new(GoodReview.Replace(Reviews.Uid, "", StringComparison.Ordinal), 400, "request.uid is missing"),
        new(GoodReview.Replace("\"operation\":\"CREATE\"", "\"operation\":\"CREATE\",\"operation\":\"UPDATE\"", StringComparison.Ordinal), 400, "not valid JSON"),
        new(GoodReview.Replace("\"runner\"", "\"\\ud800\"", StringComparison.Ordinal), 400, "unpaired surrogate"),
    ];

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task Post_BadBody_IsRefusedAndConnectionGoesOn(string body, int status, string problem) =>
        await ExpectRefusal(() => new(HttpMethod.Post, "/mutate") { Content = RunningServer.Json(body) }, status, problem);

    [Fact]
    public async Task Post_InvalidUtf8_IsRefusedAndConnectionGoesOn()
    {
        var body = Encoding.UTF8.GetBytes(GoodReview);
        body[^5] = 0xff;
        await ExpectRefusal(() => new(HttpMethod.Post, "/mutate")
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
        }, 400, "not valid UTF-8");
    }

    [Fact]
    public async Task Post_GzipBody_IsRefusedAndConnectionGoesOn()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(GoodReview), TestContext.Current.CancellationToken);
        }

        await ExpectRefusal(() => new(HttpMethod.Post, "/mutate")
        {
            Content = new ByteArrayContent(packed.ToArray())
            {
                Headers = { ContentType = new("application/json"), ContentEncoding = { "gzip" } },
            },
        }, 415, "encoded as gzip; send it as it is");
    }

    [Fact]
    public async Task Post_EightMebibytes_IsRefusedAndConnectionGoesOn() =>
        await ExpectRefusal(() => new(HttpMethod.Post, "/mutate")
        {
            Content = RunningServer.Json('"' + new string('x', 8 * 1024 * 1024) + '"'),
        }, 413, "longer than 7340032 bytes");

    [Fact]
    public async Task Post_PlainText_IsRefusedAndConnectionGoesOn() =>
        await ExpectRefusal(() => new(HttpMethod.Post, "/mutate") { Content = new StringContent(GoodReview) },
            415, "'text/plain; charset=utf-8', but must be application/json");

    [Fact]
    public async Task Get_Mutate_IsRefusedAndConnectionGoesOn() =>
        await ExpectRefusal(() => new(HttpMethod.Get, "/mutate"), 405, "GET is not allowed here; use POST");

    [Fact]
    public async Task Post_WrongPath_IsRefusedAndConnectionGoesOn() =>
        await ExpectRefusal(() => new(HttpMethod.Post, "/validate") { Content = RunningServer.Json(GoodReview) },
            404, "there is only /mutate here");

    [Theory]
    [InlineData("/mutate")]
    [InlineData("/mutate/")]
    public async Task Mutate_InPlainHttp_IsNotThere(string path)
    {
        await using var server = await RunningServer.Start();

        var (status, text) = await server.Admin(path);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("there are only /livez, /readyz, /status and /metrics here", text);
    }

    [Theory]
    [InlineData("""{"containers":[]}""", "spec.containers is empty or missing: declare a container named gitlab-runner")]
    [InlineData("""{}""", "spec.containers is empty or missing")]
    [InlineData("""[]""", "spec must be an object, but is a list")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"}]}""", "none of the containers (a, b) is named gitlab-runner")]
    [InlineData("""{"containers":[{},{}]}""", "none of the containers (, ) is named gitlab-runner")]
    [InlineData("""{"containers":[{"name":"gitlab-runner","image":"x"}],"volumes":"none"}""", "spec.volumes must be a list of objects, but is a string")]
    [InlineData("""{"containers":[null]}""", "spec.containers[0] must be an object, but is null")]
    public async Task Review_BadPod_IsDeniedWithUidAndSentence(string spec, string problem)
    {
        await using var server = await RunningServer.Start(new() { ConfigFile = SampleObjects.ConfigFile });
        var pod = SampleObjects.Pod();
        pod["spec"] = JsonNode.Parse(spec);

        var response = await server.Review(Reviews.Create(pod));

        Assert.Equal(Reviews.Uid, (string)response["uid"]!);
        Assert.False((bool)response["allowed"]!);
        Assert.False(response.ContainsKey("patch"));
        Assert.StartsWith("Pod team-a/runner: ", (string)response["status"]!["message"]!);
        Assert.Contains(problem, (string)response["status"]!["message"]!);
    }

    [Theory]
    [InlineData(90, true)]
    [InlineData(200, false)]
    public async Task Review_DeeplyNestedField_IsCarriedOrRefused(int depth, bool isTaken)
    {
        await using var server = await RunningServer.Start(new() { ConfigFile = SampleObjects.ConfigFile });
        var nested = new string('[', depth) + new string(']', depth);
        var review = Reviews.Create(SampleObjects.Pod())
            .Replace("\"spec\":{", "\"spec\":{\"futureField\":" + nested + ",", StringComparison.Ordinal);

        using var content = RunningServer.Json(review);
        using var response = await server.Client.PostAsync(new Uri("/mutate", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Review_NamespacesWatched_AreWaitedForAndThenTold()
    {
        using var folder = new MountedFolder();
        folder.Swap(new() { ["config.yaml"] = File.ReadAllText(SampleObjects.ConfigFile) + "watchNamespaces: true\n" });
        await using var server = await RunningServer.Start(new() { ConfigFile = folder.PathOf("config.yaml") });

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "[-]namespaces: not listed yet"), await Readiness());
        var refusal = await server.Review(GoodReview);
        Assert.Equal(503, (int)refusal["status"]!["code"]!);
        Assert.Contains("namespace 'team-a' is not known yet", (string)refusal["status"]!["message"]!);

        server.Namespaces.Fill([]);
        var late = server.Review(GoodReview);
        server.Namespaces.Set("team-a", new(
            System.Collections.Immutable.ImmutableDictionary<string, string>.Empty,
            System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("gitlab-runner/limit", "7")));

        Assert.Contains("--limit=7", RunningServer.PatchOf(await late));
        Assert.Equal((HttpStatusCode.OK, "[+]namespaces: 1 known, as of 0 s ago"), await Readiness());

        async Task<(HttpStatusCode, string)> Readiness()
        {
            var (status, text) = await server.Admin("/readyz?verbose");
            return (status, text.Split('\n').Single(line => line.Contains("namespaces", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("List")]
    [InlineData("Deployment")]
    public async Task Review_KindThatIsNotInjected_IsLeftAloneWithAWarning(string kind)
    {
        await using var server = await RunningServer.Start(new() { ConfigFile = SampleObjects.ConfigFile });

        var response = await server.Review(GoodReview.Replace("\"Pod\"", $"\"{kind}\"", StringComparison.Ordinal));

        Assert.True((bool)response["allowed"]!);
        Assert.False(response.ContainsKey("patch"));
        Assert.Contains("put the label gitlab-runner: inject on the pod template", (string)response["warnings"]![0]!);
    }

    private static async Task ExpectRefusal(Func<HttpRequestMessage> request, int status, string problem)
    {
        await using var server = await RunningServer.Start(new() { ConfigFile = SampleObjects.ConfigFile });
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            var connections = 0;
            using var client = server.NewClient(version, handler => handler.ConnectCallback = async (context, cancellation) =>
            {
                Interlocked.Increment(ref connections);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            });
            using var message = request();
            message.Version = version;
            message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            using var refusal = await client.SendAsync(message, TestContext.Current.CancellationToken);
            var text = await refusal.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Equal(status, (int)refusal.StatusCode);
            Assert.StartsWith("runner-webhook: ", text);
            Assert.Contains(problem, text);

            using var content = RunningServer.Json(GoodReview);
            using var next = await client.PostAsync(new Uri("/mutate", UriKind.Relative), content, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, next.StatusCode);
            Assert.Equal(1, connections);
        }
    }
}
