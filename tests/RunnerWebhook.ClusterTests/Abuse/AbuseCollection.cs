using Xunit;

namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>Abuse runs alone: it would slow down other tests.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AbuseCollection
{
    public const string Name = "abuse";
}
