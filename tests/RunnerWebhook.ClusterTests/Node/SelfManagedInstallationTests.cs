using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>The overlay self-managed as users install it: its image in pods of the cluster, behind its Service.</summary>
[Collection(NodeCollection.Name)]
public sealed class SelfManagedInstallationTests(NodeCluster node)
{
    private static readonly TimeSpan LoadTime = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Load_ThroughAllThatHappensToReplicas_FailsNoCreate()
    {
        node.Require();
        await using var webhook = await InstalledWebhook.Install(node, "overlays/self-managed");
        using var loop = new CreateLoop(node.Cluster, await node.Cluster.CreateNamespace("load"));

        await webhook.Restart();
        // By the command in the overlay's Secret: another CA, and certificates of it.
        await webhook.Rotate(async () => (await node.Kubectl.Run("--namespace", InstalledWebhook.Space, "patch", "secret",
            "runner-webhook-tls", "--type=json", "--patch", """[{"op": "remove", "path": "/data"}]""")).Ensure());
        await webhook.Configure("Another description");
        await node.Cluster.RestartApiServer();
        var killed = loop.Elapsed;
        var address = await webhook.KillReplica();
        if (LoadTime - loop.Elapsed is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, TestContext.Current.CancellationToken);
        }

        await loop.Stop();
        // If a replica is killed, its in-flight requests fail, and so do new ones until kubelet notices, a second or two later: the
        // API server does not retry a webhook. It reports some in-flight requests as EOF, without the replica's address.
        var lost = loop.Failures.Where(failure => failure.At > killed && failure.At < killed + TimeSpan.FromSeconds(5)
            && (failure.Text.Contains(address + ":8443", StringComparison.Ordinal)
                || failure.Text.Contains("/mutate?timeout=5s\": EOF", StringComparison.Ordinal))).ToArray();
        Figures.Add("{0}", $"self-managed, two replicas, rolled, certificates rotated, configured, API server restarted, one killed: {loop}; "
            + $"{lost.Length} of them calls to the replica that was killed");
        loop.EnsureAllInjected(lost);
        Assert.InRange(lost.Length, 0, 10);
        Assert.InRange(loop.Injected / loop.Elapsed.TotalSeconds, 20, 25);
    }
}
