using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Cli;

/// <summary>Which Secret keeps a runner's token.</summary>
/// <param name="Cluster">In which cluster and namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Key">The key in it.</param>
internal sealed record TokenSecretPlace(ClusterChoice Cluster, string Name, string Key);
