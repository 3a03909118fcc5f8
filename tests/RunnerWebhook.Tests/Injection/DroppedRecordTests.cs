using System.Text.Json.Nodes;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>Updates that drop the status annotation and leave the pieces, as clients do that write annotations anew.</summary>
public sealed class DroppedRecordTests
{
    private readonly InjectorScenario _scenario = new();
    private readonly JsonObject _bare = InjectorScenario.Stored(SampleObjects.DaemonSet());
    private readonly JsonObject _stored;

    public DroppedRecordTests() => _stored = InjectorScenario.Stored(_scenario.Create(_bare));

    [Fact]
    public void Update_OnlyTheRecordDropped_ComesBackAndNothingElseChanges()
    {
        var after = _scenario.Update(WithoutRecord(_stored), _stored);

        Assert.Equal(OutcomeCode.Completed, _scenario.Last.Code);
        Assert.EndsWith("put back nothing but the record, which this update had dropped", _scenario.Last.Sentence);
        AssertSame(_stored, after);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not a record")]
    [InlineData("""{"version":"9","pieces":[]}""")]
    public void Update_RecordDroppedAndTemplateChanged_IsRenderedAnew(string? damaged)
    {
        var incoming = WithoutRecord(_stored, damaged);
        Runner(incoming)["image"] = "gitlab/gitlab-runner:v18.0.0";

        var after = _scenario.Update(incoming, _stored);

        Assert.Equal(OutcomeCode.Injected, _scenario.Last.Code);
        Assert.Equal("gitlab/gitlab-runner:v18.0.0", (string)Spec(after)["initContainers"]![0]!["image"]!);
        Assert.Equal(Record(_stored), Record(after));
        Runner(_bare)["image"] = "gitlab/gitlab-runner:v18.0.0";
        AssertSame(_bare, _scenario.Remove(after));
    }

    [Fact]
    public void Update_RecordDroppedAndOnePieceChanged_KeepsThePieceAndTakesTheOthersBackLater()
    {
        var incoming = WithoutRecord(_stored);
        Runner(incoming)["image"] = "gitlab/gitlab-runner:v18.0.0";
        Spec(incoming)["initContainers"]![0]!["args"]!.AsArray().Add("--locked");

        var after = _scenario.Update(incoming, _stored);

        Assert.Contains(_scenario.Last.Advice, advice => advice.Contains("init-runner was injected and has been changed", StringComparison.Ordinal));
        var removed = _scenario.Remove(after);
        Assert.Contains("--locked", Spec(removed)["initContainers"]![0]!["args"]!.ToJsonString());
        Assert.DoesNotContain("docker-socket", Spec(removed).ToJsonString());
    }

    [Fact]
    public void Update_RecordAndPiecesDropped_IsInjectedAsIfNew()
    {
        var bare = InjectorScenario.Stored(SampleObjects.DaemonSet());
        Runner(bare)["image"] = "gitlab/gitlab-runner:v18.0.0";

        _scenario.Update(bare, _stored);

        Assert.Equal(OutcomeCode.Injected, _scenario.Last.Code);
    }

    [Fact]
    public void Update_RecordAndLabelDroppedTogether_TakesThePieces()
    {
        var incoming = WithoutRecord(_stored);
        incoming["metadata"]!.AsObject().Remove("labels");

        var after = _scenario.Review(incoming, _stored);

        Assert.Equal(OutcomeCode.Removed, _scenario.Last.Code);
        _bare["metadata"]!.AsObject().Remove("labels");
        AssertSame(_bare, after);
    }

    [Fact]
    public void Update_PiecesDroppedThatTheUserHadChanged_ComeBackAndStayTheUsers()
    {
        var old = _stored.DeepClone().AsObject();
        Runner(old)["volumeMounts"]!.AsArray().First(mount => (string)mount!["name"]! == "docker-socket")!["readOnly"] = false;
        var incoming = old.DeepClone().AsObject();
        Spec(incoming).Remove("initContainers");

        var after = _scenario.Update(incoming, old);

        AssertSame(old, after);
        _scenario.Remove(after);
        Assert.Contains(_scenario.Last.Advice, advice => advice.Contains("docker.sock", StringComparison.Ordinal)
            && advice.Contains("has been changed since", StringComparison.Ordinal));
    }

    [Fact]
    public void Update_RegistrationAndVolumeChangedByTheUser_TakesNoOtherPiece()
    {
        Spec(_stored)["initContainers"]![0]!["args"]!.AsArray().Add("--locked");
        Spec(_stored)["volumes"]!.AsArray().First(volume => (string)volume!["name"]! == "runner-config")!["emptyDir"] =
            new JsonObject { ["sizeLimit"] = "5Mi" };
        var incoming = _stored.DeepClone().AsObject();
        Runner(incoming)["image"] = "gitlab/gitlab-runner:v18.0.0";

        var after = _scenario.Update(incoming, _stored);

        Assert.Equal(OutcomeCode.Injected, _scenario.Last.Code);
        Assert.Equal(Runner(incoming).ToJsonString(), Runner(after).ToJsonString());
    }

    private static JsonObject WithoutRecord(JsonObject obj, string? damaged = null)
    {
        var copy = obj.DeepClone().AsObject();
        var metadata = copy["spec"]!["template"]!["metadata"]!.AsObject();
        if (damaged is null)
        {
            metadata.Remove("annotations");
        }
        else
        {
            metadata["annotations"]!["gitlab-runner/status"] = damaged;
        }

        return copy;
    }

    private static string Record(JsonObject obj) =>
        (string)obj["spec"]!["template"]!["metadata"]!["annotations"]!["gitlab-runner/status"]!;

    private static JsonObject Spec(JsonObject obj) => obj["spec"]!["template"]!["spec"]!.AsObject();

    private static JsonObject Runner(JsonObject obj) => Spec(obj)["containers"]![0]!.AsObject();

    private static void AssertSame(JsonObject expected, JsonObject actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected.ToJsonString()}\nbut was {actual.ToJsonString()}");
}
