using System.Text.Json.Nodes;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>An injected template whose runner container is another one from now on, or has another name.</summary>
public sealed class MovedRunnerTests
{
    public static readonly TheoryData<string> Settings =
    [
        "", "    initContainer: {guard: false}\n    lifecycle: {unregister: false}\n",
        "    engine: {kind: dind, dind: {sidecar: container}}\n", "    configVolume: {mountPath: /etc/elsewhere}\n",
    ];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Update_AnnotationNamesAnotherContainer_MovesEveryPiece(string settings)
    {
        var scenario = new InjectorScenario(settings);
        var stored = InjectorScenario.Stored(scenario.Create(Bare("a", "a", "b")));
        var incoming = stored.DeepClone().AsObject();
        incoming["spec"]!["template"]!["metadata"]!["annotations"]!["gitlab-runner/container"] = "b";

        var after = InjectorScenario.Stored(scenario.Update(incoming, stored));

        Assert.Equal(OutcomeCode.Injected, scenario.Last.Code);
        AssertSame(InOrder(InjectorScenario.Stored(scenario.Create(Bare("b", "a", "b")))), InOrder(after));
        AssertSame(Bare("b", "a", "b"), scenario.Remove(after));
    }

    [Fact]
    public void Update_AnnotationOfTheDaemonSetItselfChanged_RollsNothing()
    {
        var scenario = new InjectorScenario();
        var bare = Bare(null, "a", "b");
        bare["metadata"]!["annotations"] = new JsonObject { ["gitlab-runner/container"] = "a" };
        var stored = InjectorScenario.Stored(scenario.Create(bare));
        var incoming = stored.DeepClone().AsObject();
        incoming["metadata"]!["annotations"]!["gitlab-runner/container"] = "b";

        scenario.Update(incoming, stored);

        Assert.Equal((OutcomeCode.AlreadyInjected, 0), (scenario.Last.Code, scenario.Last.Patch.Length));
        incoming["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "gitlab/gitlab-runner:v18.0.0";
        Assert.Contains("runner-config", Container(scenario.Update(incoming, stored), "b").ToJsonString());
    }

    [Fact]
    public void Inject_ManifestOfAnEarlierOutputWithAnotherAnnotation_Moves()
    {
        var scenario = new InjectorScenario();
        var injected = scenario.Create(Bare("a", "a", "b"));
        injected["spec"]!["template"]!["metadata"]!["annotations"]!["gitlab-runner/container"] = "b";

        var moved = scenario.Create(injected);

        Assert.False(Container(moved, "a").ContainsKey("volumeMounts"));
        Assert.Equal(Bare("b", "a", "b").ToJsonString(), scenario.Remove(moved).ToJsonString());
    }

    [Fact]
    public void Update_MovedAndAPieceOfTheOldContainerChanged_StaysValidAndKeepsIt()
    {
        var scenario = new InjectorScenario();
        var stored = InjectorScenario.Stored(scenario.Create(Bare("a", "a", "b")));
        Container(stored, "a")["volumeMounts"]![0]!["readOnly"] = false;
        var incoming = stored.DeepClone().AsObject();
        incoming["spec"]!["template"]!["metadata"]!["annotations"]!["gitlab-runner/container"] = "b";

        var after = scenario.Update(incoming, stored);

        Assert.Single(Container(after, "a")["volumeMounts"]!.AsArray());
        Assert.Contains("\"container\":\"b\"", Record(after));
        var removed = scenario.Remove(after);
        Assert.Equal(["runner-config"], Names(removed["spec"]!["template"]!["spec"]!["volumes"]));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Update_ContainerRenamedWithItsPieces_StaysOurs(string settings)
    {
        var scenario = new InjectorScenario(settings);
        var stored = InjectorScenario.Stored(scenario.Create(Bare(null, "main")));
        var incoming = stored.DeepClone().AsObject();
        Container(incoming, "main")["name"] = "gitlab-runner";

        var after = scenario.Update(incoming, stored);

        Assert.Equal(OutcomeCode.Injected, scenario.Last.Code);
        Assert.Contains("\"container\":\"gitlab-runner\"", Record(after));
        AssertSame(InjectorScenario.Stored(scenario.Create(Bare(null, "gitlab-runner"))), InjectorScenario.Stored(after));
        AssertSame(Bare(null, "gitlab-runner"), scenario.Remove(after));
    }

    [Fact]
    public void Update_ContainerRenamedWithoutItsPieces_GetsThemAnew()
    {
        var scenario = new InjectorScenario();
        var stored = InjectorScenario.Stored(scenario.Create(Bare(null, "main")));
        var incoming = stored.DeepClone().AsObject();
        incoming["spec"]!["template"]!["spec"]!["containers"] =
            Bare(null, "gitlab-runner")["spec"]!["template"]!["spec"]!["containers"]!.DeepClone();

        var after = scenario.Update(incoming, stored);

        AssertSame(InjectorScenario.Stored(scenario.Create(Bare(null, "gitlab-runner"))), InjectorScenario.Stored(after));
    }

    [Fact]
    public void Remove_ContainerRenamedWhileTheWebhookWasAway_TakesThePieces()
    {
        var scenario = new InjectorScenario();
        var stored = InjectorScenario.Stored(scenario.Create(Bare(null, "main")));
        Container(stored, "main")["name"] = "other";

        AssertSame(Bare(null, "other"), scenario.Remove(stored));
    }

    [Fact]
    public void Update_RunnerGoneAndASidecarThatMountsTheSame_LeavesTheSidecarAlone()
    {
        var scenario = new InjectorScenario();
        var bare = Bare(null, "gitlab-runner", "exporter");
        var stored = InjectorScenario.Stored(scenario.Create(bare));
        Container(stored, "exporter")["volumeMounts"] =
            JsonNode.Parse("""[{"name":"runner-config","mountPath":"/etc/gitlab-runner","readOnly":true}]""");
        var incoming = stored.DeepClone().AsObject();
        incoming["spec"]!["template"]!["spec"]!["containers"]!.AsArray().RemoveAt(0);
        incoming["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Add(
            JsonNode.Parse("""{"name":"runner","image":"gitlab/gitlab-runner:v17.5.0"}"""));
        incoming["spec"]!["template"]!["metadata"]!["annotations"]!["gitlab-runner/container"] = "runner";

        var after = scenario.Remove(scenario.Update(incoming, stored));

        Assert.Single(Container(after, "exporter")["volumeMounts"]!.AsArray());
    }

    private static JsonObject Bare(string? annotation, params string[] containers)
    {
        var bare = InjectorScenario.Stored(SampleObjects.DaemonSet());
        var list = bare["spec"]!["template"]!["spec"]!["containers"]!.AsArray();
        var runner = list[0]!;
        list.Clear();
        foreach (var name in containers)
        {
            var container = runner.DeepClone();
            container["name"] = name;
            list.Add(container);
        }

        if (annotation is not null)
        {
            bare["spec"]!["template"]!["metadata"]!["annotations"] = new JsonObject { ["gitlab-runner/container"] = annotation };
        }

        return bare;
    }

    // A sidecar stays where it is.
    private static JsonObject InOrder(JsonObject obj)
    {
        var copy = obj.DeepClone().AsObject();
        var spec = copy["spec"]!["template"]!["spec"]!;
        spec["containers"] = new JsonArray([.. spec["containers"]!.AsArray()
            .OrderBy(container => (string)container!["name"]!, StringComparer.Ordinal).Select(container => container!.DeepClone())]);
        return copy;
    }

    private static string Record(JsonObject obj) =>
        (string)obj["spec"]!["template"]!["metadata"]!["annotations"]!["gitlab-runner/status"]!;

    private static JsonObject Container(JsonObject obj, string name) => obj["spec"]!["template"]!["spec"]!["containers"]!.AsArray()
        .OfType<JsonObject>().Single(container => (string)container["name"]! == name);

    private static string[] Names(JsonNode? list) => [.. list!.AsArray().Select(item => (string)item!["name"]!)];

    private static void AssertSame(JsonObject expected, JsonObject actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected.ToJsonString()}\nbut was {actual.ToJsonString()}");
}
