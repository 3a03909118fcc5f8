using System.Text.Json.Nodes;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary><c>daemonSets: pods</c>, and what happens to injected DaemonSets when the setting changes.</summary>
public sealed class AsAppliedTests
{
    private readonly InjectorScenario _templates = new();
    private readonly InjectorScenario _pods = new("daemonSets: pods\n");

    [Fact]
    public void Create_LabelledTemplate_IsStoredAsApplied()
    {
        var applied = DaemonSet();

        var stored = _pods.Create(applied);

        Assert.True(JsonNode.DeepEquals(applied, stored));
        Assert.Equal(OutcomeCode.LeftAloneForItsPods, _pods.Last.Code);
        Assert.Empty(_pods.Last.Advice);
    }

    [Fact]
    public void Create_TemplateWithoutLabel_Warns()
    {
        var applied = SampleObjects.DaemonSet();

        Assert.True(JsonNode.DeepEquals(applied, _pods.Create(applied)));
        Assert.Contains("add it to spec.template.metadata.labels", Assert.Single(_pods.Last.Advice));
        // It is a mistake, and therefore reported again.
        _pods.Update(applied, applied);
        Assert.Single(_pods.Last.Advice);
    }

    [Fact]
    public void Pod_OfTheDaemonSet_IsInjected()
    {
        var pod = _pods.Create(SampleObjects.Pod());

        Assert.Equal(OutcomeCode.Injected, _pods.Last.Code);
        Assert.NotNull(pod["spec"]!["initContainers"]);
    }

    [Fact]
    public void Update_InjectedEarlierAndUnchanged_IsLeftAsItIs()
    {
        var injected = InjectorScenario.Stored(_templates.Create(DaemonSet()));
        var annotated = injected.DeepClone().AsObject();
        annotated["metadata"]!["annotations"] = new JsonObject { ["note"] = "x" };

        Assert.True(JsonNode.DeepEquals(annotated, _pods.Update(annotated, injected)));
        Assert.Equal(OutcomeCode.AlreadyInjected, _pods.Last.Code);
    }

    [Fact]
    public void Update_InjectedEarlierAndTemplateChanged_TakesThePiecesOut()
    {
        var injected = InjectorScenario.Stored(_templates.Create(DaemonSet()));
        var changed = Restarted(injected);

        var after = _pods.Update(changed, injected);

        Assert.Equal(OutcomeCode.Removed, _pods.Last.Code);
        Assert.Contains("its pods are injected instead", _pods.Last.Sentence);
        Assert.Null(after["spec"]!["template"]!["spec"]!["initContainers"]);
        // Its pods come from a bare template, and are injected.
        var template = after["spec"]!["template"]!.DeepClone().AsObject();
        template["apiVersion"] = "v1";
        template["kind"] = "Pod";
        _pods.Create(template);
        Assert.Equal(OutcomeCode.Injected, _pods.Last.Code);
    }

    [Fact]
    public void Update_InjectedEarlierWithoutLabelOnTemplate_KeepsTheRunnerAndWarns()
    {
        var injected = InjectorScenario.Stored(_templates.Create(SampleObjects.DaemonSet()));
        var changed = Restarted(injected);

        Assert.True(JsonNode.DeepEquals(changed, _pods.Update(changed, injected)));
        Assert.Equal(OutcomeCode.AlreadyInjected, _pods.Last.Code);
        Assert.Contains("what was injected earlier stays", Assert.Single(_pods.Last.Advice));
    }

    [Fact]
    public void Update_PiecesDroppedByAClient_IsStoredAsApplied()
    {
        var injected = InjectorScenario.Stored(_templates.Create(DaemonSet()));
        var bare = InjectorScenario.Stored(DaemonSet());

        Assert.True(JsonNode.DeepEquals(bare, _pods.Update(bare, injected)));
        Assert.Equal(OutcomeCode.LeftAloneForItsPods, _pods.Last.Code);
    }

    [Fact]
    public void Update_UndoToAnInjectedTemplate_IsStoredAsApplied()
    {
        var injected = InjectorScenario.Stored(_templates.Create(DaemonSet()));
        var bare = InjectorScenario.Stored(DaemonSet());

        Assert.True(JsonNode.DeepEquals(injected, _pods.Update(injected, bare)));
        Assert.Equal(OutcomeCode.AlreadyInjected, _pods.Last.Code);
    }

    [Fact]
    public void Update_LabelRemoved_TakesEarlierPiecesOut()
    {
        var injected = InjectorScenario.Stored(_templates.Create(DaemonSet()));

        var after = _pods.Remove(injected);

        Assert.Equal(OutcomeCode.Removed, _pods.Last.Code);
        Assert.Null(after["spec"]!["template"]!["spec"]!["volumes"]);
    }

    [Fact]
    public void Update_BackToTemplates_InjectsTheTemplateOnItsNextUpdate()
    {
        var stored = InjectorScenario.Stored(_pods.Create(DaemonSet()));

        var after = _templates.Update(Restarted(stored), stored);

        Assert.NotNull(after["spec"]!["template"]!["spec"]!["initContainers"]);
        Assert.Equal(OutcomeCode.Injected, _templates.Last.Code);
    }

    [Fact]
    public void Revision_EitherSetting_IsTheSame() => Assert.Equal(_templates.Revision, _pods.Revision);

    private static JsonObject DaemonSet()
    {
        var daemonSet = SampleObjects.DaemonSet();
        daemonSet["spec"]!["template"]!["metadata"]!["labels"]!["gitlab-runner"] = "inject";
        return daemonSet;
    }

    private static JsonObject Restarted(JsonObject daemonSet)
    {
        var restarted = daemonSet.DeepClone().AsObject();
        var metadata = restarted["spec"]!["template"]!["metadata"]!.AsObject();
        metadata["annotations"] ??= new JsonObject();
        metadata["annotations"]!["kubectl.kubernetes.io/restartedAt"] = "2026-01-01T00:00:00Z";
        return restarted;
    }
}
