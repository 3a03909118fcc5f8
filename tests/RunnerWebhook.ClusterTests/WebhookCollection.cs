using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>The tests that share one registered webhook; they run one after the other.</summary>
[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit's word for it.
public sealed class WebhookCollection : ICollectionFixture<Webhook>
#pragma warning restore CA1711
{
    public const string Name = "webhook";
}
