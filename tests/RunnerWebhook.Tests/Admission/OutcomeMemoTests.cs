using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;
using Xunit;

namespace RunnerWebhook.Tests.Admission;

/// <summary>An engine that has answered before answers as a new one does, byte for byte.</summary>
public sealed class OutcomeMemoTests
{
    private const string Configuration = """
        apiVersion: runner-webhook/v1
        kind: Configuration
        profiles:
          default:
            register: {url: https://gitlab.example.com/, docker-image: "docker:27"}
        policy:
          - {namespaces: ["team-*"], allow: {annotations: [tag-list]}}
          - {namespaces: ["*"]}
        """;

    private static readonly RunnerConfiguration Settings = ConfigurationFile.Read(Configuration, "config.yaml", out _)!;

    private static readonly string Folder = Path.Combine(RepositoryFiles.Tests, "admission-reviews");

    public static IEnumerable<TheoryDataRow<string>> Files() =>
        Directory.GetFiles(Folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => new TheoryDataRow<string>(Path.GetRelativePath(Folder, file)));

    [Theory]
    [MemberData(nameof(Files))]
    public void Answer_Repeated_IsTheSame(string file)
    {
        var (injector, body) = (New(), Read(file));

        var first = Answer(injector, body);

        Assert.Equal(first, Answer(injector, body));
        Assert.Equal(first, Answer(New(), body));
    }

    /// <summary>Every value of the request is changed, removed and made null, one at a time.</summary>
    [Theory]
    [InlineData("v1.36.2/pod-create-by-daemonset.json")]
    [InlineData("v1.36.2/daemonset-create.json")]
    [InlineData("v1.36.2/daemonset-update-rollout-restart.json")]
    [InlineData("v1.20.2/pod-create.json")]
    public void Answer_OfARequestThatDiffersAnywhere_IsThatOfANewEngine(string file)
    {
        var (injector, body) = (New(), Read(file));
        Answer(injector, body);
        var places = Places(JsonNode.Parse(body)!["request"]!).Count();
        Assert.InRange(places, 50, 2_000);

        foreach (var place in Enumerable.Range(0, places))
        {
            foreach (var change in new Action<JsonNode, int>[] { Change, Remove, MakeNull })
            {
                var review = JsonNode.Parse(body)!;
                change(review["request"]!, place);
                var changed = Encoding.UTF8.GetBytes(review.ToJsonString());

                Assert.Equal(Answer(New(), changed), Answer(injector, changed));
            }
        }
    }

    [Fact]
    public void Answer_OfASecondPodOfTheSameDaemonSet_NamesThatPod()
    {
        var (injector, body) = (New(), Read("v1.36.2/pod-create.json"));
        Answer(injector, body);
        var text = Encoding.UTF8.GetString(body);
        var letters = text[(text.IndexOf("kube-api-access-", StringComparison.Ordinal) + 16)..][..5];
        var review = JsonNode.Parse(text.Replace(letters, "zzzzz", StringComparison.Ordinal))!;
        review["request"]!["object"]!["metadata"]!["name"] = "another";
        var second = Encoding.UTF8.GetBytes(review.ToJsonString());

        var answer = Answer(injector, second);

        Assert.Equal(Answer(New(), second), answer);
        Assert.Contains("/another: injected", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_AfterTheNamespaceHasChanged_IsThatOfANewEngine()
    {
        var (injector, body) = (New(watches: true), Read("v1.36.2/pod-create.json"));
        var before = Metadata("privileged");
        Answer(injector, body, before);

        var answer = Answer(injector, body, Metadata("restricted"));

        Assert.Equal(Answer(New(watches: true), body, Metadata("restricted")), answer);
        Assert.NotEqual(answer, Answer(injector, body, before));
    }

    [Fact]
    public void Answer_OfManyDifferentObjects_StaysThatOfANewEngine()
    {
        var (injector, body) = (New(), Encoding.UTF8.GetString(Read("v1.36.2/daemonset-create.json")));
        for (var i = 0; i < 600; i++)
        {
            var other = Encoding.UTF8.GetBytes(body.Replace("\"request\":", $"\"n\":{i},\"request\":", StringComparison.Ordinal)
                .Replace("\"spec\":{", $"\"spec\":{{\"minReadySeconds\":{i},", StringComparison.Ordinal));

            Assert.Equal(Answer(New(), other), Answer(injector, other));
        }
    }

    private static NamespaceMetadata Metadata(string level) => new(
        System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add(WellKnown.PodSecurityLabel, level),
        System.Collections.Immutable.ImmutableDictionary<string, string>.Empty);

    private static Injector New(bool watches = false) => new(Settings with { WatchNamespaces = watches }, "1.2.3");

    private static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    private static string Answer(Injector injector, byte[] body, NamespaceMetadata? space = null)
    {
        using var request = AdmissionReviewReader.Read(body, out var problem);
        return request is null ? problem : Encoding.UTF8.GetString(
            AdmissionResponseWriter.Write(request.Uid, AdmissionReviewer.Review(request, injector, space), default));
    }

    private static IEnumerable<JsonNode> Places(JsonNode node) => node switch
    {
        JsonObject map => map.Select(member => member.Value).OfType<JsonNode>().SelectMany(value => Places(value).Prepend(value)),
        JsonArray list => list.OfType<JsonNode>().SelectMany(value => Places(value).Prepend(value)),
        _ => [],
    };

    private static void Change(JsonNode request, int place)
    {
        var node = Places(request).ElementAt(place);
        node.ReplaceWith(node switch
        {
            JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(text + "x"),
            JsonValue value when value.TryGetValue<bool>(out var flag) => JsonValue.Create(!flag),
            JsonValue value when value.TryGetValue<long>(out var number) => JsonValue.Create(number + 1),
            _ => JsonValue.Create("x"),
        });
    }

    private static void Remove(JsonNode request, int place)
    {
        var node = Places(request).ElementAt(place);
        if (node.Parent is JsonObject map)
        {
            map.Remove(node.GetPropertyName());
        }
        else
        {
            node.Parent!.AsArray().Remove(node);
        }
    }

    private static void MakeNull(JsonNode request, int place)
    {
        var node = Places(request).ElementAt(place);
        if (node.Parent is JsonObject map)
        {
            map[node.GetPropertyName()] = null;
        }
        else
        {
            node.Parent!.AsArray()[node.GetElementIndex()] = null;
        }
    }
}
