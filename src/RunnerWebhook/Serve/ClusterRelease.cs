using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Serve;

/// <summary>Learns the cluster's release from the API server, where nobody has told it (<c>--kubernetes-version</c>) and the
/// server asks the API server for something else anyway. Everybody who is known may read it.</summary>
internal sealed class ClusterRelease(
    ServeOptions options, ActiveConfiguration configuration, TimeProvider time, ILogger<ClusterRelease> logger)
{
    // Clusters are upgraded while replicas run.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private long _readAt;
    private bool _isToldUnknown;

    /// <summary>Asks, unless that was done a short while ago. Where the API server answers but doesn't tell, the release stays
    /// as it is known: nothing else may wait for it.</summary>
    /// <exception cref="ApiException">The API server can't be asked.</exception>
    public async Task Look(KubernetesClient client, CancellationToken cancellation)
    {
        if (options.KubernetesVersion is not null
            || (Volatile.Read(ref _readAt) is > 0 and var readAt && time.GetElapsedTime(readAt) < MaxAge))
        {
            return;
        }

        try
        {
            var answer = await client.Get("version", cancellation);
            Volatile.Write(ref _readAt, time.GetTimestamp());
            if (answer.TryGetProperty("gitVersion", out var text) && KubernetesVersion.TryParse(text.ToString()) is { } release
                && configuration.Learn(release))
            {
                Log.ReleaseLearned(logger, release);
            }
        }
        catch (ApiException e) when (e.Problem is ApiProblem.Forbidden or ApiProblem.NotFound or ApiProblem.Refused)
        {
            if (!Interlocked.Exchange(ref _isToldUnknown, true))
            {
                Log.ReleaseUnknown(logger, e.Message);
            }
        }
    }
}
