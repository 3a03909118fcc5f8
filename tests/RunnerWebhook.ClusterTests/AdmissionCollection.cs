using RunnerWebhook.ClusterTests.Manifests;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>The tests that share one control plane and each register the webhook as an overlay ships it; they run one
/// after the other.</summary>
[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit's word for it.
public sealed class AdmissionCollection : ICollectionFixture<OwnCluster>
#pragma warning restore CA1711
{
    public const string Name = "admission";
}
