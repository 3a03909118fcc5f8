using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.ClusterTests.Manifests;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>The default overlay's match conditions on an API server that has them: which requests reach the webhook, and
/// which pass while no replica runs.</summary>
[Collection(AdmissionCollection.Name)]
public sealed class MatchConditionTests(OwnCluster own)
{
    private Kubectl Kubectl => own.Cluster.Kubectl;

    [Fact]
    public async Task DaemonSet_PodsOfAnInjectedTemplate_AreNotSent()
    {
        await using var webhook = await Start();
        var space = await own.Cluster.CreateNamespace("conditions");

        var apply = (await Kubectl.RunWithInput(RunnerWorkloads.DaemonSet, "apply", "-n", space, "-f", "-")).Ensure();

        Assert.Contains($"Warning: runner-webhook: DaemonSet {space}/runner: injected init container init-runner", apply.Error);
        var pod = await RunnerWorkloads.OnlyPod(Kubectl, space);
        Assert.Equal("init-runner", (string)pod["spec"]!["initContainers"]![0]!["name"]!);
        Assert.Empty(webhook.LogLinesWith($"Pod {space}/"));
    }

    [Fact]
    public async Task WebhookAway_CompleteWorkloads_StillPass()
    {
        await using var webhook = await Start();
        var space = await own.Cluster.CreateNamespace("conditions");
        (await Kubectl.RunWithInput(RunnerWorkloads.DaemonSet, "apply", "-n", space, "-f", "-")).Ensure();
        var first = (string)(await RunnerWorkloads.OnlyPod(Kubectl, space))["metadata"]!["name"]!;

        await webhook.StopServing();

        (await Kubectl.Run("annotate", "daemonset", "runner", "note=x", "-n", space)).Ensure();
        (await Kubectl.Run("delete", "pod", first, "-n", space)).Ensure();
        var second = await RunnerWorkloads.OnlyPod(Kubectl, space, except: first);
        Assert.Equal("init-runner", (string)second["spec"]!["initContainers"]![0]!["name"]!);
        (await Kubectl.Run("delete", "daemonset", "runner", "-n", space)).Ensure();
    }

    [Fact]
    public async Task WebhookAway_BareWorkloads_AreRejected()
    {
        await using var webhook = await Start();
        var space = await own.Cluster.CreateNamespace("conditions");
        await webhook.StopServing();

        foreach (var manifest in new[] { RunnerWorkloads.Pod, RunnerWorkloads.DaemonSet })
        {
            var apply = await Kubectl.RunWithInput(manifest, "apply", "-n", space, "-f", "-");
            Assert.NotEqual(0, apply.ExitCode);
            Assert.Contains("failed calling webhook", apply.Error);
        }

        (await Kubectl.RunWithInput(RunnerWorkloads.Unlabelled(RunnerWorkloads.Pod), "apply", "-n", space, "-f", "-")).Ensure();
    }

    [Fact]
    public async Task WebhookAway_SubresourcesOfAnInjectedPod_StillPass()
    {
        await using var webhook = await Start();
        own.Cluster.Require(new(1, 33), "in-place resize");
        var space = await own.Cluster.CreateNamespace("conditions");
        (await Kubectl.RunWithInput(RunnerWorkloads.Pod, "apply", "-n", space, "-f", "-")).Ensure();
        await webhook.StopServing();

        (await Kubectl.Run("patch", "pod", "runner", "-n", space, "--subresource=resize", "--patch",
            """{"spec":{"containers":[{"name":"gitlab-runner","resources":{"requests":{"cpu":"200m"}}}]}}""")).Ensure();
        (await Kubectl.Run("debug", "pod/runner", "-n", space, "--image=busybox", "--profile=general", "--container=shell",
            "--attach=false")).Ensure();

        var pod = await Kubectl.Get(space, "pod", "runner");
        Assert.Equal("200m", (string)pod["spec"]!["containers"]![0]!["resources"]!["requests"]!["cpu"]!);
        Assert.Equal("shell", (string)pod["spec"]!["ephemeralContainers"]![0]!["name"]!);
    }

    private async Task<Webhook> Start()
    {
        own.Cluster.Require(Installation.AdmissionPolicies, "match conditions");
        var webhook = new Webhook(own.Cluster) { Overlay = "." };
        await webhook.InitializeAsync();
        return webhook;
    }
}
