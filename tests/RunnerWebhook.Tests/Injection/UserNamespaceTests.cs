using System.Text.Json.Nodes;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>The fields of the pod itself that a profile sets: user namespace and runtime class.</summary>
public sealed class UserNamespaceTests
{
    private const string UserNamespace = "    engine: {kind: dind, dind: {userNamespace: true}}\n";
    private const string RuntimeClass = "    runtimeClassName: sysbox-runc\n";

    [Theory]
    [InlineData("1.33")]
    [InlineData("v1.36.2")]
    public void HostUsers_ReleaseWithUserNamespaces_IsFalse(string release)
    {
        var scenario = new InjectorScenario(UserNamespace, KubernetesVersion.TryParse(release));

        var pod = scenario.Create(SampleObjects.Pod());

        Assert.False((bool)pod["spec"]!["hostUsers"]!);
        Assert.Contains("a user namespace", scenario.Last.Sentence);
        Assert.DoesNotContain(scenario.Last.Advice, advice => advice.Contains("userNamespace", StringComparison.Ordinal));
    }

    // A privileged container has no cgroup namespace, and the node's cgroups are not those of the user namespace.
    [Fact]
    public void Engine_InAUserNamespace_HasEveryCapabilityThereAndIsNotPrivileged()
    {
        var scenario = new InjectorScenario(UserNamespace, KubernetesVersion.UserNamespaces);

        var engine = scenario.Create(SampleObjects.Pod())["spec"]!["initContainers"]![0]!;

        Assert.Equal("""
            {"capabilities":{"add":["ALL"]},"procMount":"Unmasked","seccompProfile":{"type":"Unconfined"},"appArmorProfile":{"type":"Unconfined"}}
            """, engine["securityContext"]!.ToJsonString());
    }

    [Theory]
    [InlineData("1.32")]
    [InlineData("1.20")]
    public void HostUsers_OlderRelease_IsRefused(string release)
    {
        var scenario = new InjectorScenario(UserNamespace, KubernetesVersion.TryParse(release));

        scenario.Create(SampleObjects.Pod());

        Assert.Equal(OutcomeCode.DeniedFieldConflict, scenario.Last.Code);
        Assert.Contains($"needs Kubernetes 1.33, but the cluster runs {release}", scenario.Last.Sentence);
    }

    [Fact]
    public void HostUsers_UnknownRelease_IsWarnedAbout()
    {
        var scenario = new InjectorScenario(UserNamespace);

        scenario.Create(SampleObjects.Pod());

        Assert.Contains(scenario.Last.Advice, advice => advice.Contains("it is unknown whether the cluster has user namespaces", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(UserNamespace, "hostUsers")]
    [InlineData(RuntimeClass, "runtimeClassName")]
    public void Field_LabelRemoved_GoesAgain(string setting, string field)
    {
        var scenario = new InjectorScenario(setting, KubernetesVersion.UserNamespaces);
        var stored = InjectorScenario.Stored(scenario.Create(SampleObjects.DaemonSet()));
        Assert.NotNull(Spec(stored)[field]);

        var after = scenario.Remove(stored);

        Assert.False(Spec(after).ContainsKey(field));
    }

    [Theory]
    [InlineData(UserNamespace, "hostUsers", "false")]
    [InlineData(RuntimeClass, "runtimeClassName", "\"sysbox-runc\"")]
    [InlineData(RuntimeClass, "runtimeClassName", "\"kata\"")]
    public void Field_OfTheTeam_StaysWhenTheLabelGoes(string setting, string field, string value)
    {
        var scenario = new InjectorScenario(setting, KubernetesVersion.UserNamespaces);
        var own = SampleObjects.DaemonSet();
        Spec(own)[field] = JsonNode.Parse(value);

        var stored = InjectorScenario.Stored(scenario.Create(own));
        Assert.Equal(value, Spec(stored)[field]!.ToJsonString());

        Assert.Equal(value, Spec(scenario.Remove(stored))[field]!.ToJsonString());
    }

    [Theory]
    [InlineData(UserNamespace, "hostUsers")]
    [InlineData(RuntimeClass, "runtimeClassName")]
    public void Field_DroppedByAnUpdate_IsPutBack(string setting, string field)
    {
        var scenario = new InjectorScenario(setting, KubernetesVersion.UserNamespaces);

        scenario.AssertPutsBack(put => Spec(put).Remove(field));
    }

    [Fact]
    public void Update_ConflictAddedLater_IsRefusedAsOnCreate()
    {
        var scenario = new InjectorScenario(UserNamespace, KubernetesVersion.UserNamespaces);
        var stored = InjectorScenario.Stored(scenario.Create(SampleObjects.DaemonSet()));
        var changed = stored.DeepClone().AsObject();
        Spec(changed)["hostPID"] = true;

        scenario.Update(changed, stored);

        Assert.Equal(OutcomeCode.DeniedFieldConflict, scenario.Last.Code);
        Assert.Contains("spec.hostPID is true", scenario.Last.Sentence);
    }

    private static JsonObject Spec(JsonObject daemonSet) => daemonSet["spec"]!["template"]!["spec"]!.AsObject();
}
