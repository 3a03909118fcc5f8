using System.Text.Json.Nodes;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>The pod's own engine: which kind of container it is, and how it keeps its place.</summary>
public sealed class DindTests
{
    private const string Auto = "    engine: {kind: dind}\n";

    [Theory]
    [InlineData("1.28", false)]
    [InlineData("1.29", true)]
    [InlineData("v1.36.2", true)]
    [InlineData("1.29+", true)]
    [InlineData("2.0", true)]
    public void Sidecar_Auto_FollowsTheClustersRelease(string version, bool isNative)
    {
        var scenario = new InjectorScenario(Auto, KubernetesVersion.TryParse(version));

        var spec = scenario.Create(SampleObjects.Pod())["spec"]!;

        Assert.Equal(isNative ? ["dind", "init-runner"] : ["init-runner"], Names(spec["initContainers"]));
        Assert.Equal(isNative ? ["gitlab-runner"] : ["dind", "gitlab-runner"], Names(spec["containers"]));
        Assert.DoesNotContain(scenario.Last.Advice, advice => advice.Contains("--kubernetes-version", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.28", true)]
    [InlineData("1.29", false)]
    [InlineData("", false)]
    public void Sidecar_NativeInAnOlderCluster_IsWarnedAbout(string version, bool isWarned)
    {
        var scenario = new InjectorScenario("    engine: {kind: dind, dind: {sidecar: native}}\n", KubernetesVersion.TryParse(version));

        scenario.Create(SampleObjects.Pod());

        Assert.Equal(isWarned, scenario.Last.Advice.Any(advice => advice.Contains("waits forever for dind", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "DOCKER_BUILDKIT=0")]
    [InlineData("A=b, C=d", "DOCKER_BUILDKIT=0", "A=b", "C=d")]
    [InlineData("A=b, DOCKER_BUILDKIT=1", "A=b", "DOCKER_BUILDKIT=1")]
    public void Podman_HasNoBuildKit_JobsAreToldUnlessTheySayOtherwise(string own, params string[] expected)
    {
        var scenario = new InjectorScenario($"  podman:\n    register: {{url: \"https://gitlab.example.com/\", docker-image: alpine, env: [{own}]}}\n"
            + "    engine: {kind: podman}\n", KubernetesVersion.NativeSidecars);
        var pod = SampleObjects.Pod();
        pod["metadata"]!["annotations"] = new JsonObject { [WellKnown.AnnotationPrefix + "profile"] = "podman" };

        var arguments = scenario.Create(pod)["spec"]!["initContainers"]![1]!["args"]!.AsArray();

        Assert.Equal(expected, arguments.Select(argument => (string)argument!)
            .Where(argument => argument.StartsWith("--env=", StringComparison.Ordinal)).Select(argument => argument[6..]));
        Assert.DoesNotContain(scenario.Last.Advice, advice => advice.Contains("env is set", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.x")]
    [InlineData("latest")]
    [InlineData("1.-1")]
    public void KubernetesVersion_NoRelease_IsNone(string text) => Assert.Null(KubernetesVersion.TryParse(text));

    [Fact]
    public void Update_ClusterHasNativeSidecarsNow_MovesTheContainerWhenThePodsRollAnyway()
    {
        var stored = InjectorScenario.Stored(new InjectorScenario(Auto).Create(SampleObjects.DaemonSet()));
        var upgraded = new InjectorScenario(Auto, KubernetesVersion.NativeSidecars);
        upgraded.Update(stored, stored);
        Assert.Empty(upgraded.Last.Patch);

        var restarted = stored.DeepClone().AsObject();
        restarted["spec"]!["template"]!["metadata"]!["annotations"]!["kubectl.kubernetes.io/restartedAt"] = "2026-01-01T00:00:00Z";
        var spec = upgraded.Update(restarted, stored)["spec"]!["template"]!["spec"]!;

        Assert.Equal(["gitlab-runner"], Names(spec["containers"]));
        Assert.Equal(["dind", "init-runner"], Names(spec["initContainers"]));
        Assert.Equal("Always", (string?)spec["initContainers"]![0]!["restartPolicy"]);
        Assert.Equal(["runner-config", "docker-socket"], Names(spec["containers"]![0]!["volumeMounts"]));
        Assert.NotNull(spec["containers"]![0]!["lifecycle"]);
    }

    [Theory]
    [InlineData("containers")]
    [InlineData("initContainers")]
    public void Update_DindDropped_PutsItBackInItsPlace(string list)
    {
        var scenario = new InjectorScenario(Auto, list == "containers" ? null : KubernetesVersion.NativeSidecars);

        scenario.AssertPutsBack(put => put["spec"]!["template"]!["spec"]![list]!.AsArray().RemoveAt(0));
    }

    [Fact]
    public void Update_DindChanged_KeepsTheChangeAndSaysSo()
    {
        var scenario = new InjectorScenario(Auto, KubernetesVersion.NativeSidecars);
        var stored = InjectorScenario.Stored(scenario.Create(SampleObjects.DaemonSet()));
        var changed = stored.DeepClone().AsObject();
        changed["spec"]!["template"]!["spec"]!["initContainers"]![0]!["args"]!.AsArray().Add("--debug");

        var after = scenario.Update(changed, stored);

        Assert.Equal(OutcomeCode.Injected, scenario.Last.Code);
        Assert.Contains("spec.initContainers.dind was injected and has been changed since: it is kept as it is", scenario.Last.Advice);
        Assert.Contains("--debug", after["spec"]!["template"]!["spec"]!["initContainers"]![0]!["args"]!.ToJsonString());
        Assert.Equal(2, after["spec"]!["template"]!["spec"]!["initContainers"]!.AsArray().Count);
    }

    private static IEnumerable<string> Names(JsonNode? list) => list!.AsArray().Select(item => (string)item!["name"]!);
}
