using System.Text.Json.Nodes;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>Updates of an injected DaemonSet that change what it asks for: no pod rolls, and mistakes are reported at once.</summary>
public sealed class AnnotatedUpdateTests
{
    private readonly InjectorScenario _scenario = new();
    private readonly JsonObject _stored;

    public AnnotatedUpdateTests() => _stored = InjectorScenario.Stored(_scenario.Create(SampleObjects.DaemonSet()));

    [Theory]
    [InlineData("limit", "many", OutcomeCode.DeniedSettingInvalid)]
    [InlineData("nonsense", "x", OutcomeCode.DeniedSettingInvalid)]
    [InlineData("profile", "other", OutcomeCode.DeniedSettingInvalid)]
    public void Update_OwnAnnotationThatIsRefusedOnCreate_IsRefusedWithTheSameSentence(string name, string value, OutcomeCode code)
    {
        var changed = Annotated(name, value);
        _scenario.Create(Fresh(changed));
        var sentence = _scenario.Last.Sentence;

        _scenario.Update(changed, _stored);

        Assert.Equal((code, sentence), (_scenario.Last.Code, _scenario.Last.Sentence));
    }

    [Fact]
    public void Update_MistakeThatIsStoredAlready_IsLetThrough()
    {
        var stored = Annotated("limit", "many");
        var changed = stored.DeepClone().AsObject();
        changed["metadata"]!["labels"]!["team"] = "a";

        _scenario.Update(changed, stored);

        Assert.Equal((OutcomeCode.AlreadyInjected, 0), (_scenario.Last.Code, _scenario.Last.Patch.Length));
    }

    [Fact]
    public void Update_OwnAnnotationOfASetting_RollsNothingAndSaysWhatBringsIt()
    {
        _scenario.Update(Annotated("limit", "7"), _stored);

        Assert.Equal((OutcomeCode.AlreadyInjected, 0), (_scenario.Last.Code, _scenario.Last.Patch.Length));
        Assert.Equal(["its annotations have changed since it was injected: a rollout restart brings them"], _scenario.Last.Advice);
    }

    [Fact]
    public void Update_RunnerRegistersByHandNow_LosesThePiecesAndSaysWhy()
    {
        var changed = _stored.DeepClone().AsObject();
        changed["spec"]!["template"]!["spec"]!["containers"]![0]!["command"] =
            new JsonArray("sh", "-c", "gitlab-runner register && exec gitlab-runner run");

        _scenario.Update(changed, _stored);

        Assert.Equal(OutcomeCode.Removed, _scenario.Last.Code);
        Assert.Equal("it registers a runner by hand now, in container gitlab-runner", _scenario.Last.Advice[0]);
    }

    private JsonObject Annotated(string name, string value)
    {
        var changed = _stored.DeepClone().AsObject();
        changed["metadata"]!["annotations"] = new JsonObject { [$"gitlab-runner/{name}"] = value };
        return changed;
    }

    private static JsonObject Fresh(JsonObject changed)
    {
        var fresh = SampleObjects.DaemonSet();
        fresh["metadata"]!["annotations"] = changed["metadata"]!["annotations"]!.DeepClone();
        return fresh;
    }
}
