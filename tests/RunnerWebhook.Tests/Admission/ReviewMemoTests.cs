using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Manifests;
using RunnerWebhook.Tests.Golden;
using RunnerWebhook.Tests.Serve;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Admission;

/// <summary>An engine that has answered before answers as a new one does, byte for byte.</summary>
public sealed class ReviewMemoTests
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

    // An engine remembers nothing; the memo in front of it does.
    private static readonly Injector Engine = new(ConfigurationFile.Read(Configuration, "config.yaml", out _)!, "1.2.3");
    private static readonly Injector WatchingEngine = new(Engine.Configuration with { WatchNamespaces = true }, "1.2.3");

    private static readonly string Folder = Path.Combine(RepositoryFiles.Tests, "admission-reviews");

    public static IEnumerable<TheoryDataRow<string>> Files() =>
        Directory.GetFiles(Folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => new TheoryDataRow<string>(Path.GetRelativePath(Folder, file)));

    [Theory]
    [MemberData(nameof(Files))]
    public void Answer_Repeated_IsTheSame(string file)
    {
        var (memo, body) = (New(), Read(file));

        var first = Answer(memo, body);

        Assert.Equal(first, Answer(memo, body));
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
        var (memo, body) = (New(), Read(file));
        Answer(memo, body);
        var places = Places(JsonNode.Parse(body)!["request"]!).Count;
        Assert.InRange(places, 50, 2_000);

        foreach (var place in Enumerable.Range(0, places))
        {
            foreach (var change in new Action<JsonNode, int>[] { Change, Remove, MakeNull })
            {
                var review = JsonNode.Parse(body)!;
                change(review["request"]!, place);
                var changed = Encoding.UTF8.GetBytes(review.ToJsonString());

                Assert.Equal(Answer(New(), changed), Answer(memo, changed));
            }
        }
    }

    [Fact]
    public void Answer_OfASecondPodOfTheSameDaemonSet_NamesThatPod()
    {
        var (memo, body) = (New(), Read("v1.36.2/pod-create.json"));
        Answer(memo, body);
        var second = RolloutPod.Another(body, "another");

        var answer = Answer(memo, second);

        Assert.Equal(Answer(New(), second), answer);
        Assert.Contains("/another: injected", answer, StringComparison.Ordinal);
    }

    /// <summary>What a rollout costs: its pods are decided once, whatever their names, owners, nodes and volumes are.</summary>
    [Theory]
    [InlineData("v1.36.2/pod-create-by-daemonset.json")]
    [InlineData("v1.20.2/pod-create-by-daemonset.json")]
    [InlineData("v1.36.2/pod-create.json")]
    public void Review_OfFurtherPodsOfARollout_IsKnown(string file)
    {
        var (memo, body) = (New(), Read(file));
        Answer(memo, RolloutPod.Another(body, "gitlab-runner-first"));
        foreach (var name in new[] { "gitlab-runner-x7k2p", "b", "gitlab-runner-with-a-longer-name-than-before" })
        {
            var another = RolloutPod.Another(body, name);
            using var review = memo.Read(another, out _)!;

            Assert.Null(review.Request.Object);
            Assert.Equal(Answer(New(), another), Answer(memo, another));
        }
    }

    /// <summary>Bare pods that were applied one by one, each with labels of its own.</summary>
    [Fact]
    public void Review_OfAPodThatDiffersByNameAndForeignLabelsOnly_IsKnown()
    {
        var memo = New();
        Answer(memo, Applied("runner-1", "a"));
        foreach (var (name, team) in new[] { ("runner-2", "b"), ("a-longer-name", """other \"team\" \\""") })
        {
            var body = Applied(name, team);
            using var review = memo.Read(body, out _)!;

            Assert.Null(review.Request.Object);
            Assert.Equal(Answer(New(), body), Answer(memo, body));
        }

        static byte[] Applied(string name, string team) => Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(Read("v1.36.2/pod-create.json"))
                .Replace("runner-1", name, StringComparison.Ordinal)
                .Replace("\"labels\":{", $"\"labels\":{{\"team\":\"{team}\",", StringComparison.Ordinal));
    }

    /// <summary>The label of ours keeps its meaning however its name is written.</summary>
    [Theory]
    [InlineData("\"gitlab-runner\":\"inject\"", "\"gitlab-runner\":\"no\"")]
    [InlineData("\"gitlab-runner\":\"inject\"", "\"\\u0067itlab-runner\":\"no\"")]
    [InlineData("\"\\u0067itlab-runner\":\"inject\"", "\"\\u0067itlab-runner\":\"no\"")]
    public void Answer_OfAPodWithAnotherValueOfOurLabel_IsThatOfANewEngine(string before, string after)
    {
        var memo = New();
        Answer(memo, With(before));

        Assert.Equal(Answer(New(), With(after)), Answer(memo, With(after)));
        Assert.NotEqual(Answer(memo, With(before)), Answer(memo, With(after)));

        static byte[] With(string label) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Read("v1.36.2/pod-create.json"))
            .Replace("\"labels\":{\"gitlab-runner\":\"inject\"", "\"labels\":{" + label, StringComparison.Ordinal));
    }

    /// <summary>A review that is almost like one before is read as strictly as the first one.</summary>
    [Fact]
    public void Answer_OfABodyWithAnyByteChanged_IsThatOfANewEngine()
    {
        var body = Read("v1.36.2/pod-create-by-daemonset.json");
        var memo = New();
        Answer(memo, body);
        const string Others = "\"\\0x\n}";
        for (var first = 0; first < Others.Length; first++)
        {
            for (var at = first * 7; at < body.Length; at += 43)
            {
                var other = (byte)Others[first];
                byte[] changed = [.. body[..at], other, .. body[(at + 1)..]];
                byte[] longer = [.. body[..at], other, .. body[at..]];

                Assert.Equal(Answer(New(), changed), Answer(memo, changed));
                Assert.Equal(Answer(New(), longer), Answer(memo, longer));
            }
        }
    }

    /// <summary>Every golden case, as it is and as a controller and the API server would make further pods of it.</summary>
    [Fact]
    public void Answer_OfGoldenCasesAndTheirVariants_IsThatOfANewEngine()
    {
        var answered = 0;
        foreach (var golden in GoldenCase.All().Select(row => row.Data))
        {
            var engine = new Injector(ConfigurationFile.Read(File.ReadAllText(golden.Config), golden.Config, out _)!, "1.2.3");
            var memo = new ReviewMemo(engine);
            var input = YamlFile.Parse(File.ReadAllText(golden.Input), out _)!;
            foreach (var item in ManifestObject.In(input).Where(item => item.Kind is { AdmittedOn.IsEmpty: false }))
            {
                var bodies = Variants(JsonNode.Parse(item.Json.GetRawText())!, item.Kind!).ToArray();
                foreach (var body in bodies.Concat(bodies))
                {
                    Assert.True(Answer(new(engine), body) == Answer(memo, body), golden.Name);
                    answered++;
                }
            }
        }

        Assert.InRange(answered, 1_000, 100_000);
    }

    private static IEnumerable<byte[]> Variants(JsonNode obj, WorkloadKind kind)
    {
        foreach (var review in new[] { Reviews.Create(obj), Reviews.Update(obj, obj) })
        {
            var body = Encoding.UTF8.GetBytes(review);
            var started = RolloutPod.WithServiceAccount(body, kind);
            byte[][] all = [body, RolloutPod.Another(body, "y"), started, RolloutPod.Another(started, "x"),
                RolloutPod.Another(started, "runner-7")];
            foreach (var one in all)
            {
                yield return one;
            }
        }
    }

    [Fact]
    public void Answer_AfterTheNamespaceHasChanged_IsThatOfANewEngine()
    {
        var (memo, body) = (New(watches: true), Read("v1.36.2/pod-create.json"));
        var before = Metadata("privileged");
        Answer(memo, body, before);

        var answer = Answer(memo, body, Metadata("restricted"));

        Assert.Equal(Answer(New(watches: true), body, Metadata("restricted")), answer);
        Assert.NotEqual(answer, Answer(memo, body, before));
    }

    [Fact]
    public void Answer_OfManyDifferentObjects_StaysThatOfANewEngine()
    {
        var (memo, body) = (New(), Encoding.UTF8.GetString(Read("v1.36.2/daemonset-create.json")));
        for (var i = 0; i < 600; i++)
        {
            var other = Encoding.UTF8.GetBytes(body.Replace("\"request\":", $"\"n\":{i},\"request\":", StringComparison.Ordinal)
                .Replace("\"spec\":{", $"\"spec\":{{\"minReadySeconds\":{i},", StringComparison.Ordinal));

            Assert.Equal(Answer(New(), other), Answer(memo, other));
        }
    }

    private static NamespaceMetadata Metadata(string level) => new(
        System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add(WellKnown.PodSecurityLabel, level),
        System.Collections.Immutable.ImmutableDictionary<string, string>.Empty);

    private static ReviewMemo New(bool watches = false) => new(watches ? WatchingEngine : Engine);

    private static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    private static string Answer(ReviewMemo memo, byte[] body, NamespaceMetadata? space = null)
    {
        using var review = memo.Read(body, out var problem);
        return review is null ? problem : review.Name + " " + Encoding.UTF8.GetString(
            AdmissionResponseWriter.Write(review.Request.Uid, review.Decide(space), default));
    }

    // Every value below a node, those of a list or an object after it.
    private static List<JsonNode> Places(JsonNode node, List<JsonNode>? places = null)
    {
        places ??= [];
        var values = node is JsonObject map ? map.Select(member => member.Value) : node as IEnumerable<JsonNode?> ?? [];
        foreach (var value in values.OfType<JsonNode>())
        {
            places.Add(value);
            Places(value, places);
        }

        return places;
    }

    private static void Change(JsonNode request, int place)
    {
        var node = Places(request)[place];
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
        var node = Places(request)[place];
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
        var node = Places(request)[place];
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
