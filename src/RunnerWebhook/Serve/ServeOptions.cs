using RunnerWebhook.Certificates;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Serve;

/// <summary>How the webhook server runs.</summary>
internal sealed record ServeOptions
{
    /// <summary>The configuration file; null for the built-in configuration.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Where the serving certificate comes from; without anything it is a throw-away one.</summary>
    public CertificateOptions Certificates { get; init; } = new();

    /// <summary>The release of the cluster; null to ask the API server.</summary>
    public KubernetesVersion? KubernetesVersion { get; init; }

    /// <summary>The cluster that the server belongs to; null without one.</summary>
    public ClusterChoice? Cluster { get; init; }

    /// <summary>The TLS port; 0 for any free one.</summary>
    public int Port { get; init; } = 8443;

    /// <summary>The port of health and metrics, plain HTTP; 0 for any free one.</summary>
    public int AdminPort { get; init; } = 8080;

    /// <summary>How long requests are still taken after SIGTERM, while Kubernetes takes this replica out of the
    /// Service.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the files are read.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The meter's name. A server exports the metrics of every meter of this name in its process.</summary>
    public string MeterName { get; init; } = WebhookMetrics.Name;

    /// <summary>Whether to listen on 127.0.0.1 only.</summary>
    public bool LoopbackOnly { get; init; }
}
