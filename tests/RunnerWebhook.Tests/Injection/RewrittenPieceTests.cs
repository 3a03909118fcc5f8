using System.Text.Json.Nodes;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Tests.Serve;
using Xunit;
using static RunnerWebhook.Tests.Injection.PieceChanges;

namespace RunnerWebhook.Tests.Injection;

/// <summary>What becomes of pieces that other webhooks, update bots and people change.</summary>
public sealed class RewrittenPieceTests
{
    public static IEnumerable<TheoryDataRow<string, string>> HabitCases() => from habit in Habits.Keys
                                                                             from settings in PieceChanges.Settings
                                                                             select new TheoryDataRow<string, string>(habit, settings);

    public static IEnumerable<TheoryDataRow<string, string>> AllCases() => from change in Habits.Keys.Concat(Changes.Keys)
                                                                           from settings in PieceChanges.Settings
                                                                           select new TheoryDataRow<string, string>(change, settings);

    [Theory]
    [MemberData(nameof(HabitCases))]
    public void Update_AfterAHabitOfOthers_StaysOursAndFollows(string habit, string settings)
    {
        var scenario = new InjectorScenario(settings);
        var stored = Changed(Injected(scenario), habit);

        scenario.Update(Annotated(stored), stored);
        Assert.Equal((OutcomeCode.AlreadyInjected, 0), (scenario.Last.Code, scenario.Last.Patch.Length));

        var tomorrow = new InjectorScenario(settings + "    lifecycle: {gracePeriodSeconds: 1800}\n    extraArgs: [--locked]\n");
        var bumped = Copy(stored);
        Runner(Spec(bumped))["image"] = "gitlab/gitlab-runner:v18.0.0";
        var after = tomorrow.Update(bumped, stored);
        Assert.Equal(OutcomeCode.Injected, tomorrow.Last.Code);
        Assert.Equal(tomorrow.Revision, tomorrow.Last.Revision);
        Assert.Equal("gitlab/gitlab-runner:v18.0.0", (string)Ours(Spec(after))["image"]!);
        Assert.Contains("--locked", Ours(Spec(after))["args"]!.ToJsonString());
        AssertValid(after);

        var again = tomorrow.Update(Annotated(after), after);
        Assert.Empty(tomorrow.Last.Patch);
        Assert.Equal(Annotated(after).ToJsonString(), again.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(HabitCases))]
    public void Update_HabitOnEveryRound_NeitherFreezesNorGrows(string habit, string settings)
    {
        var stored = Injected(new InjectorScenario(settings));
        var sizes = new List<int>();
        for (var round = 0; round < 10; round++)
        {
            var incoming = Copy(stored);
            Runner(Spec(incoming))["image"] = $"gitlab/gitlab-runner:v18.0.{round}";
            var scenario = new InjectorScenario(settings);
            stored = scenario.Update(incoming, stored);
            Assert.Equal($"gitlab/gitlab-runner:v18.0.{round}", (string)Ours(Spec(stored))["image"]!);
            if (round == 0)
            {
                stored = Changed(stored, habit);
            }

            AssertValid(stored);
            sizes.Add(stored.ToJsonString().Length);
        }

        Assert.True(sizes[^1] <= sizes[1] + 10, string.Join(' ', sizes));
    }

    [Theory]
    [MemberData(nameof(AllCases))]
    public void Pod_AfterAnyChange_StaysValidWhateverComes(string change, string settings)
    {
        var scenario = new InjectorScenario(settings);
        var before = Injected(scenario);
        var stored = Changed(before, change);

        AssertValid(scenario.Update(stored, before));
        AssertValid(scenario.Update(Annotated(stored), stored));
        var restarted = Copy(stored);
        restarted["spec"]!["template"]!["metadata"]!["annotations"]!["kubectl.kubernetes.io/restartedAt"] = "now";
        AssertValid(scenario.Update(restarted, stored));
        var removed = scenario.Remove(stored);
        AssertValid(removed);
        Assert.False(removed["spec"]!["template"]!["metadata"]!["annotations"]?.AsObject().ContainsKey("gitlab-runner/status") ?? false);
        AssertValid(scenario.Create(removed));
    }

    [Theory]
    [MemberData(nameof(HabitCases))]
    public void Remove_AfterAHabitOfOthers_TakesEveryPiece(string habit, string settings)
    {
        var scenario = new InjectorScenario(settings);

        var removed = scenario.Remove(Changed(Injected(scenario), habit));

        Assert.Empty(scenario.Last.Advice);
        Assert.False(Spec(removed).ContainsKey("initContainers"));
        Assert.DoesNotContain("runner-config", Spec(removed).ToJsonString());
    }

    [Fact]
    public void Remove_RegistrationChangedByTheUser_KeepsWhatItNeedsAndSaysSo()
    {
        var scenario = new InjectorScenario();

        var removed = scenario.Remove(Changed(Injected(scenario), "init command"));

        Assert.Contains(scenario.Last.Advice, advice => advice.Contains("spec.volumes.runner-config is kept", StringComparison.Ordinal));
        Assert.DoesNotContain("docker-socket", Spec(removed).ToJsonString());
        Assert.Contains("runner-config", Runner(Spec(removed)).ToJsonString());
    }

    [Fact]
    public void Update_VolumeThatASidecarMountsIsNamedOtherwiseNow_StaysAsLongAsItIsMounted()
    {
        var today = new InjectorScenario();
        var tomorrow = new InjectorScenario("    configVolume: {name: other}\n");
        var stored = Changed(Injected(today), "sidecar on our volume");

        var restarted = Copy(stored);
        restarted["spec"]!["template"]!["metadata"]!["annotations"]!["kubectl.kubernetes.io/restartedAt"] = "now";
        var after = tomorrow.Update(restarted, stored);

        AssertValid(after);
        Assert.Equal(["docker-socket", "other", "runner-config"], Names(Spec(after)["volumes"]));
        var without = Copy(after);
        List(Spec(without), "containers").RemoveAt(1);
        Assert.Equal(["docker-socket", "other"], Names(Spec(tomorrow.Update(without, after))["volumes"]));
        Assert.False(Spec(tomorrow.Remove(without)).ContainsKey("volumes"));
    }

    [Fact]
    public void Update_PieceKeptAsTheUserChangedIt_KeepsTheRecordsRevision()
    {
        var today = new InjectorScenario();
        var tomorrow = new InjectorScenario("    extraArgs: [--locked]\n");
        var stored = Injected(today);

        tomorrow.Update(Changed(stored, "init command"), stored);

        Assert.Equal(today.Revision, tomorrow.Last.Revision);
        Assert.Contains(tomorrow.Last.Advice, advice => advice.Contains("has been changed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"volumeMounts":[{"name":"mine","mountPath":"/etc/gitlab-runner"}]}""", "denied-mount-conflict")]
    [InlineData("""{"volumeMounts":[{"name":"mine","mountPath":"/var/run/docker.sock"}]}""", "denied-mount-conflict")]
    public void Update_ConflictInTheRunnerContainer_IsRefusedAsOnCreate(string fields, string code)
    {
        var scenario = new InjectorScenario();
        var stored = Injected(scenario);
        var changed = Copy(stored);
        var bare = InjectorScenario.Stored(SampleObjects.DaemonSet());
        foreach (var obj in new[] { changed, bare })
        {
            List(Spec(obj), "volumes").Add(JsonNode.Parse("""{"name":"mine","emptyDir":{}}"""));
            foreach (var (list, elements) in JsonNode.Parse(fields)!.AsObject())
            {
                foreach (var element in elements!.AsArray())
                {
                    var own = List(Runner(Spec(obj)), list);
                    var same = own.FirstOrDefault(other => (string)other!["mountPath"]! == (string)element!["mountPath"]!);
                    own.Remove(same);
                    own.Add(element!.DeepClone());
                }
            }
        }

        scenario.Create(bare);
        var onCreate = scenario.Last.Sentence;
        scenario.Update(changed, stored);
        Assert.Equal((code, onCreate), (scenario.Last.Code.Text(), scenario.Last.Sentence));
    }

    [Fact]
    public void Update_OwnInitContainerUnderOurName_IsRefusedAsOnCreate()
    {
        var scenario = new InjectorScenario();
        var stored = Injected(scenario);
        var changed = Copy(stored);
        var bare = InjectorScenario.Stored(SampleObjects.DaemonSet());
        foreach (var obj in new[] { changed, bare })
        {
            Spec(obj)["initContainers"] = JsonNode.Parse("""[{"name":"init-runner","image":"busybox","command":["true"]}]""");
        }

        scenario.Create(bare);
        var onCreate = scenario.Last.Sentence;
        scenario.Update(changed, stored);
        Assert.Equal((OutcomeCode.DeniedContainerConflict, onCreate), (scenario.Last.Code, scenario.Last.Sentence));
    }

    [Theory]
    [InlineData("""{"stopSignal":"SIGQUIT"}""")]
    [InlineData("""{"postStart":{"exec":{"command":["true"]}}}""")]
    public void Lifecycle_WithoutPreStop_GetsOurs(string lifecycle)
    {
        var scenario = new InjectorScenario();
        var bare = InjectorScenario.Stored(SampleObjects.DaemonSet());
        Runner(Spec(bare))["lifecycle"] = JsonNode.Parse(lifecycle);

        var injected = scenario.Create(bare);

        Assert.Contains("unregister", Runner(Spec(injected))["lifecycle"]!["preStop"]!.ToJsonString());
        Assert.Equal(bare.ToJsonString(), scenario.Remove(injected).ToJsonString());
    }

    private static JsonObject Injected(InjectorScenario scenario) =>
        InjectorScenario.Stored(scenario.Create(InjectorScenario.Stored(SampleObjects.DaemonSet())));

    private static JsonObject Changed(JsonObject obj, string change)
    {
        var changed = Copy(obj);
        Named(change)(Spec(changed));
        return changed;
    }

    private static JsonObject Annotated(JsonObject obj)
    {
        var copy = Copy(obj);
        copy["metadata"]!["annotations"] = new JsonObject { ["note"] = "x" };
        return copy;
    }

    private static void AssertValid(JsonObject obj) => ValidPod.Assert(Spec(obj));

    private static string[] Names(JsonNode? list) =>
        [.. list!.AsArray().Select(item => (string)item!["name"]!).Order(StringComparer.Ordinal)];

    private static JsonObject Copy(JsonObject obj) => obj.DeepClone().AsObject();

    private static JsonObject Spec(JsonObject obj) => obj["spec"]!["template"]!["spec"]!.AsObject();
}
