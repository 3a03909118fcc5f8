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
        // A killed process takes the calls with it that were on their way, which the API server may call an EOF without an
        // address, and kubelet needs a second or two to notice that nobody listens there: API servers call no webhook twice.
        var lost = loop.Failures.Where(failure => failure.At > killed && failure.At < killed + TimeSpan.FromSeconds(5)
            && (failure.Text.Contains(address + ":8443", StringComparison.Ordinal)
                || failure.Text.Contains("/mutate?timeout=5s\": EOF", StringComparison.Ordinal))).ToArray();
        Figures.Add("{0}", $"self-managed, two replicas, rolled, certificates rotated, configured, API server restarted, one killed: {loop}; "
            + $"{lost.Length} of them calls to the replica that was killed");
        loop.EnsureNothingFailed(lost);
        // Half of the 25 calls a second, for two seconds.
        Assert.InRange(lost.Length, 0, 25);
        Assert.Equal(0, loop.Bare);
        Assert.InRange(loop.Injected / loop.Elapsed.TotalSeconds, 20, 25);
    }
}
