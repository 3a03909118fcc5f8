using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Serve;

/// <summary>How the webhook server runs.</summary>
internal sealed record ServeOptions
{
    /// <summary>The configuration file; null for the built-in configuration.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The certificate and its intermediates, PEM; null for a throw-away certificate.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The certificate's private key, PEM.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The release of the cluster; null where nobody told it.</summary>
    public KubernetesVersion? KubernetesVersion { get; init; }

    /// <summary>The cluster whose namespaces are watched where the configuration asks for it; null where nobody watches
    /// them.</summary>
    public ClusterChoice? Cluster { get; init; }

    /// <summary>How the server makes its own certificates; null where it doesn't.</summary>
    public SelfManagedOptions? SelfManaged { get; init; }

    /// <summary>The MutatingWebhookConfiguration that has to trust the certificate; null for not looking.</summary>
    public string? WebhookConfiguration { get; init; }

    /// <summary>How often the cluster is looked at.</summary>
    public TimeSpan UpkeepInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The TLS port; 0 for any free one.</summary>
    public int Port { get; init; } = 8443;

    /// <summary>The port of health and metrics, plain HTTP; 0 for any free one.</summary>
    public int AdminPort { get; init; } = 8080;

    /// <summary>How long requests are still taken after SIGTERM, while Kubernetes takes this replica out of the
    /// Service.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the files are looked at.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether to listen on 127.0.0.1 only.</summary>
    public bool LoopbackOnly { get; init; }
}
