using RunnerWebhook.ClusterTests.ControlPlane;
using Xunit;

namespace RunnerWebhook.ClusterTests.Manifests;

/// <summary>A control plane that no other test uses: a whole installation goes into it.</summary>
public sealed class OwnCluster : IAsyncLifetime
{
    public Cluster Cluster { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Cluster.InitializeAsync();
        if (Cluster.Kubectl is not null)
        {
            // The controllers have seen every namespace that there is from the start.
            await Cluster.Until("the controllers", async () => (await Cluster.Kubectl.Run("get", "configmap,serviceaccount", "-A",
                "-o", "name")).Ensure().Output.Split('\n').Count(line => line is "configmap/kube-root-ca.crt" or "serviceaccount/default") == 8);
        }
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
