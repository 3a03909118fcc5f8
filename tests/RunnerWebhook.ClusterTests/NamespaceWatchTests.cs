using System.Diagnostics;
using RunnerWebhook.ClusterTests.ControlPlane;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>Namespaces watched on a real API server, with the rights that the shipped component gives and no more.</summary>
[Collection(WebhookCollection.Name)]
public sealed class NamespaceWatchTests(Webhook webhook) : IAsyncLifetime
{
    private const string Rules = """
        watchNamespaces: true
        policy:
          - namespaces: ["*"]
            namespaceSelector: {matchLabels: {tier: trusted}}
            register: {limit: 7}
          - namespaces: ["*"]
        """;

    private Cluster Control => webhook.Cluster;

    public async ValueTask InitializeAsync()
    {
        if (Control.Kubectl is not null)
        {
            await webhook.Configure(Rules);
            await Cluster.Until("list of namespaces", () => Task.FromResult(webhook.LogLinesWith("namespaces listed").Any()));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Control.Kubectl is not null)
        {
            await webhook.Configure("");
        }
    }

    [Fact]
    public async Task Annotation_OfANamespace_IsPickedUpWithinTwoSeconds()
    {
        Control.Require();
        var space = await Control.CreateNamespace("watched");
        Assert.DoesNotContain("--limit", await Injected(space));

        (await Control.Kubectl.Run("annotate", "namespace", space, "gitlab-runner/limit=5")).Ensure();
        var start = Stopwatch.GetTimestamp();
        await Cluster.Until("annotation", async () => (await Injected(space)).Contains("--limit=5", StringComparison.Ordinal));

        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 2);
    }

    [Fact]
    public async Task Label_OfANamespace_ChoosesItsRule()
    {
        Control.Require();
        var space = await Control.CreateNamespace("watched");

        (await Control.Kubectl.Run("label", "namespace", space, "tier=trusted")).Ensure();
        await Cluster.Until("rule", async () => (await Injected(space)).Contains("--limit=7", StringComparison.Ordinal));

        (await Control.Kubectl.Run("label", "namespace", space, "tier-")).Ensure();
        await Cluster.Until("rule", async () => !(await Injected(space)).Contains("--limit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NamespaceAndDaemonSet_InOneApply_AreInjectedByTheNamespacesOwnRule()
    {
        Control.Require();
        const string manifests = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: watched-in-one-go, labels: {tier: trusted}}
            ---
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: runner, namespace: watched-in-one-go, labels: {gitlab-runner: inject}}
            spec:
              selector: {matchLabels: {name: runner}}
              template:
                metadata: {labels: {name: runner}}
                spec:
                  containers:
                    - {name: gitlab-runner, image: gitlab/gitlab-runner:v17.5.0}
            """;

        var apply = (await Control.Kubectl.RunWithInput(manifests, "apply", "-f", "-")).Ensure();

        Assert.Contains("DaemonSet watched-in-one-go/runner: injected", apply.Error);
        var stored = await Control.Kubectl.Get("watched-in-one-go", "daemonset", "runner");
        Assert.Contains("--limit=7", stored.ToJsonString());
    }

    // What the webhook would make of a Pod now.
    private async Task<string> Injected(string space) => (await Control.Kubectl.RunWithInput("""
        apiVersion: v1
        kind: Pod
        metadata: {name: runner, labels: {gitlab-runner: inject}}
        spec:
          containers:
            - {name: gitlab-runner, image: gitlab/gitlab-runner:v17.5.0}
        """, "create", "-n", space, "--dry-run=server", "-o", "json", "-f", "-")).Ensure().Output;
}
