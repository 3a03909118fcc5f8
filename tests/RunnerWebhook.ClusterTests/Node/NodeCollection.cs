using Xunit;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>The tests that share a node. They run by themselves: a node on two cores has no time for load tests.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NodeCollection : ICollectionFixture<NodeCluster>
{
    public const string Name = "node";
}
