using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Health;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary>Asks the API server for the cluster's release, unless <c>--kubernetes-version</c> states it. Every
/// authenticated user may read it.</summary>
internal sealed class ClusterRelease(
    ServeOptions options, ActiveConfiguration configuration, TimeProvider time, ILogger<ClusterRelease> logger)
    : BackgroundService, IReadinessCheck
{
    // Clusters are upgraded while replicas run.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    // A replica is not kept from serving by an API server that does not answer.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private volatile bool _isAsked;
    private volatile string? _problem;

    public string Name => "release";

    // A developer's kubeconfig may belong to any cluster, and may start a login: it is not read without being asked for.
    private bool IsWanted => options is { KubernetesVersion: null, Cluster: { } cluster }
        && (cluster.Kubeconfig is not null || cluster.Context is not null || options.Certificates.WebhookConfiguration is not null
            || Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is not null || configuration.NeedsNamespaces);

    public Readiness? Judge() => !IsWanted ? null
        : !_isAsked ? new(false, "not asked yet")
        : new(true, configuration.Kubernetes is { } release ? $"Kubernetes {release}" : "not known", _problem);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.KubernetesVersion is not null || options.Cluster is null)
        {
            return;
        }

        while (true)
        {
            var isKnown = IsWanted && await Ask(stoppingToken);
            _isAsked = true;
            await Task.Delay(isKnown ? MaxAge : Retry, time, stoppingToken);
        }
    }

    private async Task<bool> Ask(CancellationToken cancellation)
    {
        try
        {
            using var client = ClusterConnection.Open(options.Cluster!, Environment.GetEnvironmentVariable);
            var release = await Read(client, cancellation);
            _problem = null;
            if (configuration.SetRelease(release))
            {
                Log.ReleaseLearned(logger, release);
            }

            return true;
        }
#pragma warning disable CA1031 // The server works without the release, and asks again later.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (_problem is null)
            {
                Log.ReleaseUnknown(logger, e.Message);
            }

            _problem = e.Message;
            return false;
        }
    }

    private static async Task<KubernetesVersion> Read(ApiClient client, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(MaxWait);
        try
        {
            var version = await client.Version(timeout.Token);
            return KubernetesVersion.TryParse(version)
                ?? throw new ApiException(ApiProblem.Unreadable,
                    $"the API server's version is '{version}', which names no release");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ApiException(ApiProblem.Unreachable, $"no answer to GET version within {MaxWait.TotalSeconds:0} seconds");
        }
    }
}
