using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.ClusterTests.Manifests;
using RunnerWebhook.Core.Workloads;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>The overlay that installs admission policies, on an API server that has them: no webhook is there, or one that finds
/// nothing to do.</summary>
[Collection(AdmissionCollection.Name)]
public sealed class PolicyModeTests(OwnCluster own) : IAsyncDisposable
{
    // The first release in which MutatingAdmissionPolicy is generally available.
    private static readonly KubernetesVersion Since = new(1, 36);

    private static readonly string Overlay = Path.Combine(Webhook.Repository, "charts-free-manifests", Installation.Policies);

    private Kubectl Kubectl => own.Cluster.Kubectl;

    [Fact]
    public async Task NoWebhook_DaemonSetAndPod_AreInjectedOnce()
    {
        var space = await Install();
        var daemonSet = RunnerWorkloads.DaemonSet.Replace("name: runner", "name: node-runner", StringComparison.Ordinal);

        foreach (var (kind, name, manifest) in new[]
            { ("daemonset", "node-runner", daemonSet), ("pod", "runner", RunnerWorkloads.Pod) })
        {
            (await Apply(space, manifest)).Ensure();
            var again = (await Apply(space, manifest)).Ensure();

            Assert.Contains($"{name} unchanged", again.Output);
            var template = AdmissionCase.TemplateOf(await Kubectl.Get(space, kind, name));
            Assert.Equal("init-runner", (string)template["spec"]!["initContainers"]![0]!["name"]!);
            Assert.Contains("\"profile\":\"default\"", (string)template["metadata"]!["annotations"]!["gitlab-runner/status"]!);
        }
    }

    [Fact]
    public async Task NoWebhook_LabelRemoved_TakesEveryPieceBack()
    {
        var space = await Install();
        var bare = RunnerWorkloads.DaemonSet.Replace(", labels: {gitlab-runner: inject}", "", StringComparison.Ordinal)
            .Replace(", gitlab-runner: inject", "", StringComparison.Ordinal);
        (await Apply(space, bare)).Ensure();
        var before = await Kubectl.Get(space, "daemonset", "runner");
        (await Kubectl.Run("label", "daemonset", "runner", "gitlab-runner=inject", "-n", space)).Ensure();
        Assert.NotNull((await Kubectl.Get(space, "daemonset", "runner"))["spec"]!["template"]!["spec"]!["initContainers"]);

        (await Kubectl.Run("label", "daemonset", "runner", "gitlab-runner-", "-n", space)).Ensure();

        var after = await Kubectl.Get(space, "daemonset", "runner");
        Assert.True(JsonNode.DeepEquals(before["spec"], after["spec"]), after["spec"]!.ToJsonString());
    }

    [Fact]
    public async Task NoWebhook_ImageAndAnnotationChanged_AreFollowed()
    {
        var space = await Install();
        (await Apply(space, RunnerWorkloads.DaemonSet)).Ensure();

        (await Kubectl.Run("patch", "daemonset", "runner", "-n", space, "--patch", """
            {"spec": {"template": {"metadata": {"annotations": {"gitlab-runner/tag-list": "a, b"}},
             "spec": {"containers": [{"name": "gitlab-runner", "image": "gitlab/gitlab-runner:v17.6.0"}]}}}}
            """)).Ensure();

        var init = (await Kubectl.Get(space, "daemonset", "runner"))["spec"]!["template"]!["spec"]!["initContainers"]![0]!;
        Assert.Equal("gitlab/gitlab-runner:v17.6.0", (string)init["image"]!);
        Assert.Contains("--tag-list=a,b", init["args"]!.AsArray().Select(word => (string)word!));
    }

    [Fact]
    public async Task NoWebhook_WhatTheWebhookRejects_IsRejectedInItsWords()
    {
        var space = await Install();

        var conflict = await Apply(space, RunnerWorkloads.Pod + """

              volumes: [{name: runner-config, configMap: {name: mine}}]
            """);
        var annotation = await Apply(space, RunnerWorkloads.Pod.Replace("metadata: {name: runner,",
            "metadata: {name: runner, annotations: {gitlab-runner/maximum-timeout: soon},", StringComparison.Ordinal));

        Assert.NotEqual(0, conflict.ExitCode);
        Assert.Contains($"Pod {space}/runner: volume runner-config is of type configMap, but config.toml needs an emptyDir",
            conflict.Error);
        Assert.NotEqual(0, annotation.ExitCode);
        Assert.Contains("annotation gitlab-runner/maximum-timeout is 'soon', but must be 0 or a whole number, 600 or more",
            annotation.Error);
    }

    [Fact]
    public async Task Policies_OfTheOverlay_AreTakenWithoutAWarning()
    {
        await Install();

        // Applied once more: kubectl prints what the API server warns of.
        var apply = (await Kubectl.Run("apply", "-k", Overlay)).Ensure();
        Assert.Equal("", apply.Error);
        foreach (var policy in await Stored("validatingadmissionpolicies"))
        {
            var name = (string)policy["metadata"]!["name"]!;
            var found = policy;
            await Cluster.Until($"type check of {name}", async () =>
            {
                found = await Kubectl.Get("default", "validatingadmissionpolicy", name);
                return (long?)found["status"]?["observedGeneration"] == (long)found["metadata"]!["generation"]!;
            });
            Assert.Null(found["status"]!["typeChecking"]?["expressionWarnings"]);
        }

        // The API server checks no types of these: every request that they are evaluated for must go through.
        Assert.All(await Stored("mutatingadmissionpolicies"), policy => Assert.Null(policy["status"]?["typeChecking"]));
    }

    [Fact]
    public async Task BothModes_Webhook_FindsCompleteObjectsAndChangesNothing()
    {
        // First the policies: with a webhook, nobody could tell when they are in force.
        var space = await Install();
        await using var webhook = new Webhook(own.Cluster);
        await webhook.InitializeAsync();

        var apply = (await Apply(space, RunnerWorkloads.DaemonSet)).Ensure();

        Assert.DoesNotContain("injected init container", apply.Error);
        Assert.NotEmpty(webhook.LogLinesWith($"DaemonSet {space}/runner: already injected"));
        Assert.Empty(webhook.LogLinesWith($"DaemonSet {space}/runner: injected"));
    }

    public async ValueTask DisposeAsync()
    {
        if (Kubectl is not null && own.Cluster.Version >= Since)
        {
            await Kubectl.Run("delete", "-k", Overlay, "--ignore-not-found");
        }
    }

    private async Task<string> Install()
    {
        own.Cluster.Require(Since, "MutatingAdmissionPolicy");
        var space = await own.Cluster.CreateNamespace("policies");
        (await Kubectl.Run("apply", "-k", Overlay)).Ensure();
        // A new policy is in force a few seconds after it is stored.
        await Cluster.Until("the policies", async () => (await Kubectl.RunWithInput(RunnerWorkloads.Pod, "create",
            "--dry-run=server", "-o", "yaml", "-n", space, "-f", "-")).Output.Contains("init-runner", StringComparison.Ordinal));
        return space;
    }

    private async Task<JsonNode[]> Stored(string plural)
    {
        var list = (await Kubectl.Run("get", plural, "-l", "app.kubernetes.io/component=admission-policy", "-o", "json")).Ensure();
        JsonNode[] items = [.. JsonNode.Parse(list.Output)!["items"]!.AsArray().Select(item => item!)];
        Assert.NotEmpty(items);
        return items;
    }

    private Task<CommandResult> Apply(string space, string manifest) =>
        Kubectl.RunWithInput(manifest, "apply", "-n", space, "-f", "-");
}
