using RunnerWebhook.Core;
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

    /// <summary>Asks, unless that was done a short while ago.</summary>
    /// <exception cref="ApiException">The API server can't be asked, or refuses.</exception>
    public async Task Look(KubernetesClient client, CancellationToken cancellation)
    {
        if (options.KubernetesVersion is not null
            || (Volatile.Read(ref _readAt) is > 0 and var readAt && time.GetElapsedTime(readAt) < MaxAge))
        {
            return;
        }

        var answer = await client.Get("version", cancellation);
        Volatile.Write(ref _readAt, time.GetTimestamp());
        if (answer.TryGetProperty("gitVersion", out var text) && KubernetesVersion.TryParse(text.ToString()) is { } release
            && configuration.Learn(release))
        {
            Log.ReleaseLearned(logger, release);
        }
    }
}
