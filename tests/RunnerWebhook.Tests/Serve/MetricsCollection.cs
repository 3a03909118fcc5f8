using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Tests that read metrics run alone: the exporter takes every meter of its name in the process, those of
/// other tests' servers too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MetricsCollection
{
    public const string Name = "metrics";
}
