using System.Text.Json.Nodes;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>The rules for updates of a DaemonSet, in the order in which they apply.</summary>
public sealed class DaemonSetUpdateTests
{
    private const string OtherEngine = "    socketVolume: {name: other-socket}\n";

    private readonly InjectorScenario _today = new();
    private readonly InjectorScenario _tomorrow = new(OtherEngine);
    private readonly JsonObject _stored;

    public DaemonSetUpdateTests() =>
        _stored = InjectorScenario.Stored(_today.Create(InjectorScenario.Stored(SampleObjects.DaemonSet())));

    [Fact]
    public void Update_BeingDeleted_IsLeftAlone()
    {
        var changed = Copy(_stored);
        changed["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        changed["spec"]!["template"]!["spec"]!.AsObject().Remove("volumes");

        var after = _today.Update(changed, _stored);

        Assert.Equal(OutcomeCode.LeftAloneBeingDeleted, _today.Last.Code);
        AssertSame(changed, after);
    }

    [Fact]
    public void Update_MetadataOnly_GivesNoPatchEvenWithNewSettings()
    {
        var changed = Copy(_stored);
        changed["metadata"]!["annotations"] = new JsonObject { ["note"] = "x" };

        _tomorrow.Update(changed, _stored);

        Assert.Equal(OutcomeCode.AlreadyInjected, _tomorrow.Last.Code);
        Assert.Empty(_tomorrow.Last.Patch);
    }

    [Theory]
    [InlineData("1e99999999999999999999", "1e99999999999999999999", OutcomeCode.AlreadyInjected)]
    [InlineData("1e99999999999999999999", "1", OutcomeCode.Injected)]
    public void Update_NumberBeyondAllBounds_IsCompared(string number, string stored, OutcomeCode code)
    {
        var (changed, old) = (Copy(_stored), Copy(_stored));
        changed["spec"]!["template"]!["spec"]!["futureField"] = JsonNode.Parse(number);
        old["spec"]!["template"]!["spec"]!["futureField"] = JsonNode.Parse(stored);

        _tomorrow.Decide(changed, old);

        Assert.Equal(code, _tomorrow.Last.Code);
    }

    [Fact]
    public void Update_RestartedAt_RendersAnewWithTodaysSettings()
    {
        var changed = Copy(_stored);
        changed["spec"]!["template"]!["metadata"]!["annotations"]!["kubectl.kubernetes.io/restartedAt"] = "2026-01-01T00:00:00Z";

        var after = _tomorrow.Update(changed, _stored);

        Assert.Equal(OutcomeCode.Injected, _tomorrow.Last.Code);
        var spec = after["spec"]!["template"]!["spec"]!;
        Assert.Equal(["runner-config", "other-socket"], Names(spec["volumes"]));
        Assert.Equal(["runner-config", "other-socket"], Names(spec["containers"]![0]!["volumeMounts"]));
        Assert.Contains(_tomorrow.Revision, after["spec"]!["template"]!["metadata"]!["annotations"]!["gitlab-runner/status"]!.ToString());
    }

    [Fact]
    public void Update_RestartedAtWithUnchangedSettings_ChangesNothingElse()
    {
        var changed = Copy(_stored);
        changed["spec"]!["template"]!["metadata"]!["annotations"]!["kubectl.kubernetes.io/restartedAt"] = "2026-01-01T00:00:00Z";

        var after = _today.Update(changed, _stored);

        AssertSame(changed, after);
    }

    [Fact]
    public void Update_ImageChanged_GivesTheInitContainerTheNewImage()
    {
        var changed = Copy(_stored);
        changed["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "gitlab/gitlab-runner:v18.0.0";

        var after = _today.Update(changed, _stored);

        Assert.Equal("gitlab/gitlab-runner:v18.0.0", (string)after["spec"]!["template"]!["spec"]!["initContainers"]![0]!["image"]!);
        Assert.Single(after["spec"]!["template"]!["spec"]!["initContainers"]!.AsArray());
    }

    [Fact]
    public void Update_ReplacedByBareManifest_PutsBackTheStoredPiecesEvenWithNewSettings()
    {
        var bare = InjectorScenario.Stored(SampleObjects.DaemonSet());

        var after = _tomorrow.Update(bare, _stored);

        Assert.Equal(OutcomeCode.Completed, _tomorrow.Last.Code);
        AssertSame(_stored, after);
    }

    [Fact]
    public void Update_InjectedOfflineThenReplacedByBareManifest_PutsBackTheStoredPieces()
    {
        // Without defaults the manifest had no grace period; the API server has given the bare one its 30 seconds.
        var stored = InjectorScenario.Stored(_today.Create(SampleObjects.DaemonSet()));

        _today.Update(InjectorScenario.Stored(SampleObjects.DaemonSet()), stored);

        Assert.Equal(OutcomeCode.Completed, _today.Last.Code);
    }

    [Fact]
    public void Update_OnePieceDropped_FillsIt()
    {
        var changed = Copy(_stored);
        changed["spec"]!["template"]!["spec"]!["containers"]![0]!["volumeMounts"]!.AsArray().RemoveAt(0);

        var after = InjectorScenario.Stored(_today.Update(changed, _stored));

        Assert.Equal(OutcomeCode.Completed, _today.Last.Code);
        AssertSame(_stored, after);
    }

    [Fact]
    public void Update_Undo_KeepsThePiecesThatTheCallerChose()
    {
        var newer = Copy(_stored);
        newer["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "gitlab/gitlab-runner:v18.0.0";
        newer = InjectorScenario.Stored(_tomorrow.Update(newer, _stored));

        _tomorrow.Update(_stored, newer);

        Assert.Equal(OutcomeCode.AlreadyInjected, _tomorrow.Last.Code);
        Assert.Empty(_tomorrow.Last.Patch);
    }

    [Fact]
    public void Versions_SideBySide_NeitherTakesBackWhatTheOtherDid()
    {
        var newer = new InjectorScenario(OtherEngine, version: "2.0.0");
        var changed = Copy(_stored);
        changed["spec"]!["template"]!["metadata"]!["annotations"]!["kubectl.kubernetes.io/restartedAt"] = "2026-01-01T00:00:00Z";
        var rolled = InjectorScenario.Stored(newer.Update(changed, _stored));
        var pod = SampleObjects.Pod();
        pod["metadata"]!["annotations"] = rolled["spec"]!["template"]!["metadata"]!["annotations"]!.DeepClone();
        pod["spec"] = rolled["spec"]!["template"]!["spec"]!.DeepClone();
        var edited = Copy(rolled);
        edited["metadata"]!["annotations"] = new JsonObject { ["note"] = "x" };

        _today.Create(pod);
        Assert.Equal((OutcomeCode.AlreadyInjected, 0), (_today.Last.Code, _today.Last.Patch.Length));
        _today.Update(edited, rolled);
        Assert.Equal((OutcomeCode.AlreadyInjected, 0), (_today.Last.Code, _today.Last.Patch.Length));
        newer.Update(_stored, _stored);
        Assert.Equal((OutcomeCode.AlreadyInjected, 0), (newer.Last.Code, newer.Last.Patch.Length));
        var removed = _today.Remove(rolled);
        Assert.Equal(["kubectl.kubernetes.io/restartedAt"],
            removed["spec"]!["template"]!["metadata"]!["annotations"]!.AsObject().Select(annotation => annotation.Key));
        Assert.False(removed["spec"]!["template"]!["spec"]!.AsObject().ContainsKey("initContainers"));
    }

    [Fact]
    public void Update_LabelAddedLater_Injects()
    {
        var bare = InjectorScenario.Stored(SampleObjects.DaemonSet());
        var old = Copy(bare);
        old["metadata"]!.AsObject().Remove("labels");

        _today.Update(bare, old);

        Assert.Equal(OutcomeCode.Injected, _today.Last.Code);
    }

    [Fact]
    public void Remove_Injected_GivesTheUsersPartBack()
    {
        var after = _today.Remove(_stored);

        Assert.Equal(OutcomeCode.Removed, _today.Last.Code);
        AssertSame(InjectorScenario.Stored(SampleObjects.DaemonSet()), after);
    }

    [Fact]
    public void Remove_PieceChangedByTheUser_KeepsItAndSaysSo()
    {
        var changed = Copy(_stored);
        changed["spec"]!["template"]!["spec"]!["initContainers"]![0]!["args"]!.AsArray().Add("--locked");

        var after = _today.Remove(changed);

        var spec = after["spec"]!["template"]!["spec"]!;
        Assert.Contains("--locked", spec["initContainers"]![0]!["args"]!.ToJsonString());
        Assert.Contains(_today.Last.Advice, advice => advice.Contains("spec.initContainers.init-runner has been changed", StringComparison.Ordinal));
        Assert.Equal(["runner-config"], Names(spec["volumes"]));
    }

    [Fact]
    public void Remove_ForgedRecord_TakesNothingOfTheUsers()
    {
        var forged = SampleObjects.DaemonSet();
        forged["spec"]!["template"]!["spec"]!["volumes"] = new JsonArray(new JsonObject { ["name"] = "mine", ["emptyDir"] = new JsonObject() });
        forged["spec"]!["template"]!["metadata"]!["annotations"] = new JsonObject
        {
            ["gitlab-runner/status"] = """{"version":"1","revision":"x","profile":"default","pieces":{"/spec/volumes/mine":"000000000000"},"created":["/spec/volumes"]}""",
        };

        var after = _today.Remove(forged);

        Assert.Equal("mine", (string)after["spec"]!["template"]!["spec"]!["volumes"]![0]!["name"]!);
    }

    [Fact]
    public void Create_MarkWithoutPieces_IsInjectedAllTheSame()
    {
        var marked = InjectorScenario.Stored(SampleObjects.DaemonSet());
        marked["spec"]!["template"]!["metadata"]!["annotations"] =
            _stored["spec"]!["template"]!["metadata"]!["annotations"]!.DeepClone();

        var after = _today.Create(marked);

        Assert.Equal(OutcomeCode.Completed, _today.Last.Code);
        AssertSame(_stored, InjectorScenario.Stored(after));
    }

    [Fact]
    public void Create_PiecesWithoutMark_AreNotDoubled()
    {
        var unmarked = Copy(_stored);
        unmarked["spec"]!["template"]!["metadata"]!.AsObject().Remove("annotations");

        _today.Create(unmarked);

        Assert.Equal(OutcomeCode.LeftAloneRegistersByHand, _today.Last.Code);
        Assert.Empty(_today.Last.Patch);
    }

    // The API server mounts it into every container; the registration ends with the init container all the same.
    [Fact]
    public void Create_RegistrationThatSharesTheServiceAccountsVolumeOnly_IsInjected()
    {
        var mount = """{"name":"kube-api-access","mountPath":"/var/run/secrets/kubernetes.io/serviceaccount","readOnly":true}""";
        var pod = SampleObjects.Pod();
        pod["spec"]!["volumes"] = JsonNode.Parse("""[{"name":"kube-api-access","projected":{"sources":[]}}]""");
        pod["spec"]!["containers"]![0]!["volumeMounts"] = JsonNode.Parse($"[{mount}]");
        pod["spec"]!["initContainers"] = JsonNode.Parse(
            $$"""[{"name":"mine","image":"x","command":["gitlab-runner","register"],"volumeMounts":[{{mount}}]}]""");

        _today.Create(pod);

        Assert.Equal(OutcomeCode.Injected, _today.Last.Code);
    }

    [Fact]
    public void Create_VolumeWithoutAnything_IsInjected()
    {
        var pod = SampleObjects.Pod();
        pod["spec"]!["volumes"] = JsonNode.Parse("""[{}]""");

        _today.Create(pod);

        Assert.Equal(OutcomeCode.Injected, _today.Last.Code);
    }

    [Fact]
    public void Create_PodOfAnInjectedTemplateWithANewSidecar_IsComplete()
    {
        var daemonSet = SampleObjects.DaemonSet();
        daemonSet["spec"]!["template"]!["spec"]!["containers"]![0]!["name"] = "main";
        var template = InjectorScenario.Stored(_today.Create(daemonSet))["spec"]!["template"]!;
        var pod = SampleObjects.Pod();
        pod["metadata"]!["annotations"] = template["metadata"]!["annotations"]!.DeepClone();
        pod["spec"] = template["spec"]!.DeepClone();
        pod["spec"]!["containers"]!.AsArray().Insert(0, new JsonObject { ["name"] = "mesh", ["image"] = "mesh" });

        _tomorrow.Create(pod);

        Assert.Equal(OutcomeCode.AlreadyInjected, _tomorrow.Last.Code);
        Assert.Empty(_tomorrow.Last.Patch);
    }

    private static JsonObject Copy(JsonObject obj) => obj.DeepClone().AsObject();

    private static string[] Names(JsonNode? list) => [.. list!.AsArray().Select(item => (string)item!["name"]!)];

    private static void AssertSame(JsonObject expected, JsonObject actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected.ToJsonString()}\nbut was {actual.ToJsonString()}");
}
