using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.ClusterTests.Traces;
using Xunit;

namespace RunnerWebhook.ClusterTests.Faults;

/// <summary>A token in every place where one can be, each another one: the server as a process, at its most verbose, shows none of
/// them where it does not belong.</summary>
public sealed class PlantedTokenTests : IDisposable
{
    // What the patch is there to hand over, or mirrors into the registration.
    private static readonly string[] Allowed =
    [
        "annotation: gitlab-runner/extra-args → patch", "configuration: a register option → patch",
        "configuration: token.value → patch", "pod: proxy variable → patch",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-planted").FullName;
    private readonly Dictionary<string, string> _doors = [];
    private readonly Dictionary<string, string> _sinks = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_InEveryPlace_IsFoundNowhereElse()
    {
        await using var receiver = await TraceReceiver.Start("http/protobuf");
        await using var server = new ServerProcess(0, new Dictionary<string, string>
        {
            ["GITLAB_TOKEN"] = PlantWithoutAShape("environment: GITLAB_TOKEN"),
            ["CI_SERVER_TOKEN"] = Plant("environment: CI_SERVER_TOKEN"),
            ["HTTPS_PROXY"] = $"http://user:{Plant("environment: proxy")}@127.0.0.1:9",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint.Replace("//", $"//user:{Plant("environment: traces URL")}@", StringComparison.Ordinal),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = $"authorization=Bearer {PlantWithoutAShape("environment: traces headers")}",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        }, "--kubeconfig", Kubeconfig())
        {
            Config = Configuration(),
        };
        await server.Ready();

        await Send(server, Review(Pod()), "review");
        await Send(server, Review(WithAnnotation("gitlab-runner/token")), "denied annotation");
        await Send(server, Review(WithAnnotation("gitlab-runner/url", "https://user:{0}@gitlab.example.com/")), "annotation url");
        await Send(server, Review(WithAnnotation("gitlab-runner/extra-args", "--token={0}")), "annotation extra-args");
        await Send(server, Review(WithAnnotation("kubectl.kubernetes.io/last-applied-configuration")), "last-applied");
        await Send(server, Review(Secret()), "secret");
        await Send(server, Review(Named()), "names");
        await Send(server, "{\"broken\": \"" + Plant("body: not a review"), "bad body");
        Write("config.yaml", $"profiles: {{default: {{token: {{valeu: {PlantWithoutAShape("configuration: under a misspelt key")}}}}}}}\n");
        await Cluster.Until("the bad configuration", async () =>
            (await server.ReadLog()).Contains("configuration not loaded", StringComparison.Ordinal));
        await Cluster.Until("spans", () => Task.FromResult(receiver.Spans.Length >= 8));
        foreach (var page in (string[])["/metrics", "/status", "/readyz?verbose"])
        {
            Keep(page, await server.Page(page));
        }

        Keep("traces", receiver.Raw);
        Assert.Equal(0, await server.Terminate());
        Keep("log", await server.ReadLog());

        Assert.Contains("\"LogLevel\":\"Trace\"", _sinks["log"], StringComparison.Ordinal);
        var found = from door in _doors
                    from sink in _sinks
                    where sink.Value.Contains(door.Value, StringComparison.Ordinal)
                    select $"{door.Key} → {sink.Key}";
        var places = found.Distinct().Order(StringComparer.Ordinal).ToArray();
        Assert.True(places.SequenceEqual(Allowed), string.Join('\n', places));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Plant(string door) => _doors[door] = $"glpat-planted-{Guid.NewGuid():N}";

    // By its shape no one can tell that it is a token: it must not be shown at all.
    private string PlantWithoutAShape(string door) => _doors[door] = $"{Guid.NewGuid():N}";

    private void Keep(string sink, string text) => _sinks[sink] = _sinks.GetValueOrDefault(sink) + text;

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file + ".next", text);
        File.Move(file + ".next", file, overwrite: true);
        return file;
    }

    private string Configuration() => Write("config.yaml", $"""
        apiVersion: runner-webhook/v1
        kind: Configuration
        log: {"{level: Trace}"}
        profiles:
          default:
            register:
              url: https://gitlab.example.com/
              executor: docker
              docker-image: docker:27
              env: [SECRET={Plant("configuration: a register option")}]
            token: {"{"}value: {PlantWithoutAShape("configuration: token.value")}{"}"}

        """);

    private string Kubeconfig() => Write("kubeconfig", $$$"""
        {"apiVersion":"v1","kind":"Config","current-context":"gone",
         "clusters":[{"name":"gone","cluster":{"server":"https://127.0.0.1:9","proxy-url":"http://user:{{{Plant("kubeconfig: proxy")}}}@127.0.0.1:9"}}],
         "users":[{"name":"gone","user":{"token":"{{{PlantWithoutAShape("kubeconfig: token")}}}"}}],
         "contexts":[{"name":"gone","context":{"cluster":"gone","user":"gone"}}]}
        """);

    private JsonObject Pod() => JsonNode.Parse($$$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"runner","namespace":"team-a","labels":{"gitlab-runner":"inject"}},
         "spec":{"containers":[{"name":"gitlab-runner","image":"gitlab/gitlab-runner:v17.5.0",
          "args":["run","--token={{{PlantWithoutAShape("pod: argument")}}}"],
          "env":[{"name":"RUNNER_TOKEN","value":"{{{PlantWithoutAShape("pod: variable")}}}"},
                 {"name":"HTTPS_PROXY","value":"http://user:{{{Plant("pod: proxy variable")}}}@proxy.example.com:3128"}]},
          {"name":"sidecar","image":"sidecar:1","command":["sidecar","--password","{{{Plant("pod: another container")}}}"]}]}}
        """)!.AsObject();

    private JsonObject WithAnnotation(string name, string format = "{0}")
    {
        var pod = Pod();
        pod["metadata"]!["annotations"] = new JsonObject
        {
            [name] = format.Replace("{0}", Plant($"annotation: {name}"), StringComparison.Ordinal),
        };
        return pod;
    }

    private JsonObject Named()
    {
        var pod = Pod();
        pod["metadata"]!["name"] = Plant("pod: name");
        pod["metadata"]!["namespace"] = Plant("pod: namespace");
        pod["metadata"]!["labels"]![Plant("pod: name of a label")] = Plant("pod: value of a label");
        return pod;
    }

    private JsonObject Secret() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = "gitlab-runner-token", ["namespace"] = "team-a" },
        ["stringData"] = new JsonObject { ["token"] = Plant("secret") },
    };

    private string Review(JsonObject item) => new JsonObject
    {
        ["apiVersion"] = "admission.k8s.io/v1",
        ["kind"] = "AdmissionReview",
        ["request"] = new JsonObject
        {
            ["uid"] = Guid.NewGuid().ToString(),
            ["kind"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["kind"] = item["kind"]!.DeepClone() },
            ["namespace"] = "team-a",
            ["name"] = item["metadata"]!["name"]!.DeepClone(),
            ["operation"] = "CREATE",
            ["userInfo"] = new JsonObject { ["username"] = "x", ["extra"] = new JsonObject { ["token"] = new JsonArray((JsonNode)Plant("review: user")) } },
            ["object"] = item,
        },
    }.ToJsonString();

    private async Task Send(ServerProcess server, string body, string what)
    {
        using var client = ServerProcess.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{server.Mutate}&token={Plant($"{what}: query")}"))
        {
            Version = HttpVersion.Version20,
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.TryAddWithoutValidation("authorization", $"Bearer {PlantWithoutAShape($"{what}: header")}");
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{Guid.NewGuid():N}-00f067aa0ba902b7-01");
        request.Headers.TryAddWithoutValidation("tracestate", $"a={Plant($"{what}: tracestate")}");
        request.Headers.TryAddWithoutValidation("baggage", $"token={Plant($"{what}: baggage")}");
        using var response = await client.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        if (response.IsSuccessStatusCode && JsonNode.Parse(text)!["response"]!.AsObject() is var answer && answer["patch"] is { } patch)
        {
            Keep("patch", Encoding.UTF8.GetString(Convert.FromBase64String((string)patch!)));
            answer.Remove("patch");
            text = answer.ToJsonString();
        }

        Keep("answer", text);
    }
}
