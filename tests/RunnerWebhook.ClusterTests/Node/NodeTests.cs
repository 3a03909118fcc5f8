using Xunit;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>What the other tests take for granted of the node.</summary>
[Collection(NodeCollection.Name)]
public sealed class NodeTests(NodeCluster node)
{
    [Fact]
    public async Task Pod_OfBusybox_RunsAndLogs()
    {
        node.Require();
        var space = await node.Cluster.CreateNamespace();

        (await node.Kubectl.RunWithInput($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: hello}
            spec:
              restartPolicy: Never
              containers: [{name: hello, image: {{NodeImages.Busybox}}, command: [echo, hello from the node]}]
            """, "apply", "-n", space, "-f", "-")).Ensure();

        await node.Until(space, "the pod's end", async () =>
            (string?)(await node.Kubectl.Get(space, "pod", "hello"))["status"]!["phase"] == "Succeeded");
        Assert.Equal("hello from the node\n", (await node.Kubectl.Run("logs", "hello", "-n", space)).Ensure().Output);
    }
}
