using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Logging;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>What the log says of requests: the outcome's sentence, one line each, and never all that a client sent.</summary>
public sealed class LoggedRequestTests : IDisposable
{
    private const int LongestLine = 4096;
    private const string Planted = "glrt-PLANTED";
    private const string Post = " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";

    private readonly LoggedLines _log = new();

    [Fact]
    public async Task Review_AnyOutcome_HasItsSentenceInLogAuditAndAnswer()
    {
        await using var server = await Start();

        var injected = await server.Review(Reviews.Create(SampleObjects.Pod()));
        var again = SampleObjects.Pod();
        ((JsonObject)again["spec"]!)["containers"] = new JsonArray();
        var denied = await server.Review(Reviews.Create(again));

        Assert.StartsWith("Pod team-a/runner: injected init container ", (string)injected["auditAnnotations"]!["sentence"]!);
        Assert.Single(_log.With((string)injected["auditAnnotations"]!["sentence"]!));
        Assert.Equal((string)denied["status"]!["message"]!, (string)denied["auditAnnotations"]!["sentence"]!);
        Assert.Single(_log.With((string)denied["status"]!["message"]!));
    }

    [Fact]
    public async Task Review_SentenceOfManyReasons_IsBoundedEverywhere()
    {
        await using var server = await Start();
        var pod = SampleObjects.Pod();
        pod["spec"]!["containers"] = new JsonArray([.. Enumerable.Range(0, 2000).Select(i => (JsonNode?)new JsonObject
        {
            ["name"] = $"container-{i}",
        })]);

        var response = await server.Review(Reviews.Create(pod));

        Assert.InRange(((string)response["status"]!["message"]!).Length, 100, AdmissionResponseWriter.MaxMessageLength);
        Assert.InRange(((string)response["auditAnnotations"]!["sentence"]!).Length, 100, AdmissionResponseWriter.MaxAuditLength);
        Assert.All(_log.With("denied-"), line => Assert.InRange(line.Length, 100, LongestLine));
    }

    public static IEnumerable<TheoryDataRow<string>> Members() =>
        [new("uid"), new("operation"), new("namespace"), new("name"), new("kind"), new("apiVersion"), new("user")];

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Review_HugeOrControllingMember_IsCutAndEscaped(string member)
    {
        await using var server = await Start();
        foreach (var hostile in new[] { new string('x', 1_000_000), "\u001b[2J\r\n{\"LogLevel\":\"Critical\"}\u202e\0" })
        {
            var review = JsonNode.Parse(Reviews.Create(SampleObjects.Pod()))!;
            var request = review["request"]!;
            switch (member)
            {
                case "kind":
                    request["kind"]!["kind"] = hostile;
                    break;
                case "apiVersion":
                    request["kind"]!["group"] = hostile;
                    break;
                case "user":
                    request["userInfo"] = new JsonObject { ["username"] = hostile };
                    break;
                default:
                    request[member] = hostile;
                    break;
            }

            var before = _log.All.Length;
            using var content = RunningServer.Json(review.ToJsonString());
            using var response = await server.Client.PostAsync(
                new Uri("/mutate", UriKind.Relative), content, TestContext.Current.CancellationToken);

            var line = Assert.Single(_log.All[before..]);
            Assert.InRange(line.Length, 20, LongestLine);
            Assert.DoesNotContain(line, char.IsControl);
            Assert.DoesNotContain('\u202e', line);
        }
    }

    [Theory]
    [InlineData("request", "uid")]
    [InlineData("request", "name")]
    [InlineData("request", "namespace")]
    [InlineData("request", "operation")]
    [InlineData("", "apiVersion")]
    [InlineData("", "kind")]
    public async Task Review_TokenAsAMember_IsNotLogged(string parent, string member)
    {
        const string Token = "glrt-of-a-created-runner";
        await using var server = await Start();
        var review = JsonNode.Parse(Reviews.Create(SampleObjects.Pod()))!;
        (parent.Length == 0 ? review : review[parent]!)[member] = Token;

        using var content = RunningServer.Json(review.ToJsonString());
        using var response = await server.Client.PostAsync(
            new Uri("/mutate", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Empty(_log.With(Token));
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(member == "uid", answer.Contains(Token, StringComparison.Ordinal));
    }

    public static IEnumerable<TheoryDataRow<string, int>> RefusedByTheServer() =>
    [
        new("GARBAGE\r\n\r\n", 400), new("GET /mutate HTTP/1.1\r\n\r\n", 400), new("GET /mutate HTTP/9.9\r\nHost: a\r\n\r\n", 505),
        new("GET /" + new string('a', 10_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        new("GET /mutate HTTP/1.1\r\nHost: a\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", 1000)) + "\r\n", 431),
        new("POST /mutate HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\nContent-Type: application/json\r\n\r\n", 413),
        new("POST /mutate HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n", 400),
    ];

    [Theory]
    [MemberData(nameof(RefusedByTheServer))]
    public async Task Request_RefusedByTheServerItself_IsOneLineWithoutAStackTrace(string request, int status)
    {
        await using var server = await Start();
        var before = _log.All.Length;
        using var connection = await RawConnection.OpenTls(server.Webhook.Port, cancellation: TestContext.Current.CancellationToken);

        await connection.Send(request, TestContext.Current.CancellationToken);
        var (answer, _) = await connection.ReadToEnd(TimeSpan.FromSeconds(2));

        var code = status.ToString(CultureInfo.InvariantCulture);
        Assert.StartsWith($"HTTP/1.1 {code} ", answer, StringComparison.Ordinal);
        await Wait.Until(() => Task.FromResult(_log.All.Length > before));
        var line = Assert.Single(_log.All[before..]);
        Assert.Contains($"rejected a request with {code}: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 20, LongestLine);
    }

    /// <summary>The places of a request where a client may write a token by mistake.</summary>
    public static IEnumerable<TheoryDataRow<string>> WithATokenInIt() =>
    [
        new($"POST mutate?private_token={Planted}{Post}\r\n"), new($"POST /mutate%00{Planted}{Post}\r\n"), new($"POST /mutate/{Planted}{Post}\r\n"),
        new($"POST /mut\u0080ate?x={Planted}{Post}\r\n"), new($"{Planted} /mutate{Post}\r\n"), new($"POST /mutate HTTP/{Planted}\r\n\r\n"),
        new($"POST /mutate HTTP/1.1\r\nHost: user:{Planted}@a\r\n\r\n"), new($"POST /mutate{Post}Content-Length: {Planted}\r\n\r\n"),
        new($"POST /mutate{Post}Transfer-Encoding: {Planted}\r\n\r\n"), new($"POST /mutate{Post}Authorization Bearer {Planted}\r\n\r\n"),
        new($"POST /mutate{Post}Content-Type: {Planted}\r\nContent-Length: 0\r\n\r\n"),
        new($"POST /mutate{Post}Content-Encoding: {Planted}\r\nContent-Length: 0\r\n\r\n"),
        new($"POST /mutate{Post}Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{{\"{Planted}"),
    ];

    [Theory]
    [MemberData(nameof(WithATokenInIt))]
    public async Task Request_WithATokenInAWrongPlace_ShowsItNeitherInLogNorAnswer(string request)
    {
        using var config = new MountedFolder();
        config.Swap(new()
        {
            ["config.yaml"] = await File.ReadAllTextAsync(SampleObjects.ConfigFile, TestContext.Current.CancellationToken) + "log: {level: Trace}\n",
        });
        using var lines = new MemoryStream();
        using var log = new JsonLog(new(lines), TimeProvider.System);
        await using (var server = await RunningServer.Start(new() { ConfigFile = config.PathOf("config.yaml") }, log))
        {
            using var connection = await RawConnection.OpenTls(server.Webhook.Port, cancellation: TestContext.Current.CancellationToken);
            await connection.Send(request, TestContext.Current.CancellationToken);
            var (answer, _) = await connection.ReadToEnd(TimeSpan.FromSeconds(2));

            Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
            Assert.DoesNotContain(Planted, answer, StringComparison.Ordinal);
        }

        log.Dispose();
        var written = Encoding.UTF8.GetString(lines.ToArray());
        Assert.Contains("\"LogLevel\":\"Debug\"", written, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, written, StringComparison.Ordinal);
    }

    public void Dispose() => _log.Dispose();

    private Task<RunningServer> Start() => RunningServer.Start(new() { ConfigFile = SampleObjects.ConfigFile }, _log);
}
