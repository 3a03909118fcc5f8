using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests;

public sealed class ServerProcessTests
{
    private const int Clients = 64;
    private static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(30);

    private static readonly string[] Recorded =
        ["pod-create.json", "daemonset-create.json", "daemonset-update-rollout-restart.json", "pod-create-by-daemonset.json"];

    [Fact]
    public async Task Load_64ClientsFor30Seconds_GetByteEqualAnswersForEqualInput()
    {
        await using var server = new ServerProcess(drainSeconds: 0);
        await server.Ready();
        var bodies = Recorded.Select(ReadReview).ToArray();
        using var first = ServerProcess.NewClient();
        var expected = new List<byte[]>();
        foreach (var body in bodies)
        {
            expected.Add(await Ask(first, server, body));
        }

        var answered = 0;
        using var stop = new CancellationTokenSource(LoadTime);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            using var own = ServerProcess.NewClient();
            for (var i = client; !stop.IsCancellationRequested; i++)
            {
                var which = i % bodies.Length;
                Assert.Equal(expected[which], await Ask(own, server, bodies[which]));
                Interlocked.Increment(ref answered);
            }
        })));

        Assert.True(answered > Clients * 10, $"only {answered} answers in {LoadTime}");
        Figures.Add("a server on the JIT: {0} reviews answered to {1} clients in {2}", answered, Clients, LoadTime);
    }

    [Fact]
    public async Task Terminate_UnderLoad_EndsReadinessServesOnAndExitsWith0()
    {
        await using var server = new ServerProcess(drainSeconds: 10);
        await server.Ready();
        var body = ReadReview("pod-create.json");
        using var client = ServerProcess.NewClient();
        await Ask(client, server, body);

        var end = server.Terminate();
        var notReady = 0;
        for (var i = 0; i < 20; i++)
        {
            await Ask(client, server, body);
            notReady += await server.Admin("/readyz") == 503 ? 1 : 0;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        // The signal takes a moment to arrive.
        Assert.InRange(notReady, 10, 20);
        Assert.Equal(0, await end);
    }

    [Fact]
    public async Task Log_EachRequest_IsOneLineOfJsonWithoutSecrets()
    {
        await using var server = new ServerProcess(drainSeconds: 0);
        await server.Ready();
        using var client = ServerProcess.NewClient();
        await Ask(client, server, ReadReview("pod-create-by-daemonset.json"));
        Assert.Equal(0, await server.Terminate());

        var lines = (await server.ReadLog()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var requests = lines.Select(line => JsonNode.Parse(line)!).Where(line => (int)line["EventId"]! == 1).ToArray();

        var state = Assert.Single(requests)["State"]!.AsObject();
        Assert.Equal("injected", (string)state["Outcome"]!);
        Assert.Equal("Pod", (string)state["Kind"]!);
        Assert.Equal("default", (string)state["Namespace"]!);
        Assert.Equal("gitlab-runner-*", (string)state["Name"]!);
        Assert.Equal(JsonNode.Parse(ReadReview("pod-create-by-daemonset.json"))!["request"]!["uid"]!.ToString(), (string)state["Uid"]!);
        Assert.True((double)state["Milliseconds"]! >= 0);
    }

    private static byte[] ReadReview(string file) =>
        File.ReadAllBytes(Path.Combine(Webhook.Repository, "tests", "admission-reviews", "v1.36.2", file));

    private static async Task<byte[]> Ask(HttpClient client, ServerProcess server, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await client.PostAsync(server.Mutate, content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync();
    }
}
