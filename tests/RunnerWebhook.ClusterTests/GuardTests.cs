using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.ClusterTests.Manifests;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>The guard overlay on an API server that has admission policies: bare runners are rejected while no replica
/// runs, and everything else passes.</summary>
[Collection(AdmissionCollection.Name)]
public sealed class GuardTests(OwnCluster own)
{
    private const string Message = "the label gitlab-runner: inject is set, but nothing was injected";

    private Kubectl Kubectl => own.Cluster.Kubectl;

    [Fact]
    public async Task WebhookServing_BareWorkload_IsInjectedAndPasses()
    {
        await using var webhook = await Start();
        var space = await own.Cluster.CreateNamespace("guarded");

        var apply = (await Apply(space, RunnerWorkloads.DaemonSet)).Ensure();

        Assert.Contains($"DaemonSet {space}/runner: injected", apply.Error);
        Assert.NotNull((await RunnerWorkloads.OnlyPod(Kubectl, space))["spec"]!["initContainers"]);
    }

    [Fact]
    public async Task WebhookAway_BareWorkloads_AreRejectedByThePolicy()
    {
        await using var webhook = await Start();
        var space = await own.Cluster.CreateNamespace("guarded");
        await webhook.StopServing();

        foreach (var manifest in new[] { RunnerWorkloads.Pod, RunnerWorkloads.DaemonSet })
        {
            // A new policy binds a few seconds after it is stored.
            await Cluster.Until("the guard", async () => (await DryRun(space, manifest)).ExitCode != 0);
            var apply = await Apply(space, manifest);
            Assert.NotEqual(0, apply.ExitCode);
            Assert.Contains(Message, apply.Error);
            (await Apply(space, RunnerWorkloads.Unlabelled(manifest))).Ensure();
        }
    }

    [Fact]
    public async Task WebhookAway_CompleteWorkloads_Pass()
    {
        await using var webhook = await Start();
        var space = await own.Cluster.CreateNamespace("guarded");
        (await Apply(space, RunnerWorkloads.DaemonSet)).Ensure();
        var first = (string)(await RunnerWorkloads.OnlyPod(Kubectl, space))["metadata"]!["name"]!;
        await webhook.StopServing();
        await Cluster.Until("the guard", async () => (await DryRun(space, RunnerWorkloads.Pod)).ExitCode != 0);

        (await Kubectl.Run("annotate", "daemonset", "runner", "note=x", "-n", space)).Ensure();
        (await Kubectl.Run("rollout", "restart", "daemonset/runner", "-n", space)).Ensure();
        // The restart may have replaced it already.
        (await Kubectl.Run("delete", "pod", first, "-n", space, "--ignore-not-found")).Ensure();
        await RunnerWorkloads.OnlyPod(Kubectl, space, except: first);
        var golden = Path.Combine(Webhook.Repository, "tests", "golden", "minimal-daemonset", "output.yaml");
        (await Kubectl.Run("apply", "-n", space, "-f", golden)).Ensure();
    }

    [Fact]
    public async Task Policies_TypeCheckedByTheController_HaveNoWarnings()
    {
        await using var webhook = await Start();
        foreach (var name in new[] { "pods.runner-webhook.local", "daemonsets.runner-webhook.local" })
        {
            var policy = await Kubectl.Get("default", "validatingadmissionpolicy", name);
            await Cluster.Until($"type check of {name}", async () =>
            {
                policy = await Kubectl.Get("default", "validatingadmissionpolicy", name);
                return policy["status"]?["observedGeneration"] is not null;
            });
            Assert.Null(policy["status"]!["typeChecking"]?["expressionWarnings"]);
        }
    }

    private Task<CommandResult> Apply(string space, string manifest) =>
        Kubectl.RunWithInput(manifest, "apply", "-n", space, "-f", "-");

    private Task<CommandResult> DryRun(string space, string manifest) =>
        Kubectl.RunWithInput(manifest, "create", "--dry-run=server", "-n", space, "-f", "-");

    private async Task<Webhook> Start()
    {
        own.Cluster.Require(Installation.AdmissionPolicies, "the guard");
        var webhook = new Webhook(own.Cluster) { Overlay = "overlays/guard" };
        await webhook.InitializeAsync();
        return webhook;
    }
}
