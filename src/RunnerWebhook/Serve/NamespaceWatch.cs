using System.Text.Json;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary>
/// Keeps the <see cref="NamespaceDirectory"/> up to date while the configuration says <c>watchNamespaces: true</c>: lists
/// all namespaces, follows their changes, and lists again after any failure. While the API server cannot be reached,
/// requests use the metadata received last.
/// </summary>
internal sealed class NamespaceWatch(
    ServeOptions options, ActiveConfiguration configuration, NamespaceDirectory namespaces, TimeProvider time,
    ILogger<NamespaceWatch> logger)
    : BackgroundService
{
    /// <summary>How long a watch may be silent before it is restarted: the API server sends a bookmark about every
    /// minute.</summary>
    public static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(3);

    // The API server ends every watch after some minutes.
    private static readonly TimeSpan PauseBetweenWatches = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);
    private static readonly ListOptions MetadataOnly = new() { MetadataOnly = true };

    private ApiProblem? _reported;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Until(isWanted: true, stoppingToken);
            using var wanted = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var follow = Follow(wanted.Token);
            await Until(isWanted: false, stoppingToken);
            await wanted.CancelAsync();
            await follow.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (configuration.ReleaseNamespaces())
            {
                Log.NamespacesForgotten(logger);
            }
        }
    }

    private async Task Until(bool isWanted, CancellationToken cancellation)
    {
        while (configuration.NeedsNamespaces != isWanted)
        {
            await Task.Delay(options.ReloadInterval, time, cancellation);
        }
    }

    private async Task Follow(CancellationToken cancellation)
    {
        for (var pause = MinPause; ; pause = pause * 2 > MaxPause ? MaxPause : pause * 2)
        {
            var start = time.GetTimestamp();
            try
            {
                using var client = ClusterConnection.Open(options.Cluster!, Environment.GetEnvironmentVariable);
                var version = await List(client, cancellation);
                while (true)
                {
                    version = await Watch(client, version, cancellation);
                    await Task.Delay(PauseBetweenWatches, time, cancellation);
                }
            }
#pragma warning disable CA1031 // Whatever failed, requests use what is known, and the next attempt may succeed.
            catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Report(e);
            }

            pause = time.GetElapsedTime(start) > MaxPause ? MinPause : pause;
            await Task.Delay(pause, time, cancellation);
        }
    }

    private async Task<string> List(ApiClient client, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var list = await client.List(ApiResource.Namespaces, null, MetadataOnly, cancellation);
        configuration.Fill(list.Items.Select(item => KeyValuePair.Create(NameOf(item), NamespaceMetadataReader.Read(item))));
        _reported = null;
        Log.NamespacesListed(logger, namespaces.Count, time.GetElapsedTime(start).TotalMilliseconds);
        return list.ResourceVersion;
    }

    // Returns when the API server ends the watch, with the version to continue from.
    private async Task<string> Watch(ApiClient client, string version, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(MaxSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        await foreach (var change in client.Watch(ApiResource.Namespaces, null, MetadataOnly, version, either.Token))
        {
            silence.CancelAfter(MaxSilence);
            Take(change);
            version = change.Object.GetProperty("metadata").GetProperty("resourceVersion").GetString()!;
        }

        return version;
    }

    private void Take(WatchEvent change)
    {
        switch (change.Type)
        {
            case "BOOKMARK":
                namespaces.Confirm();
                break;
            case "DELETED":
                namespaces.Remove(NameOf(change.Object));
                break;
            default:
                namespaces.Set(NameOf(change.Object), NamespaceMetadataReader.Read(change.Object));
                break;
        }
    }

    // One log line for each outage; the state stays visible in /readyz?verbose and in the metric.
    private void Report(Exception e)
    {
        var problem = (e as ApiException)?.Problem ?? ApiProblem.Unreachable;
        if (problem == ApiProblem.Expired)
        {
            // Usual: the API server keeps only the changes of the last minutes.
            return;
        }

        var text = e is OperationCanceledException
            ? $"the API server has sent nothing for {MaxSilence.TotalMinutes:0} minutes"
            : e.Message;
        namespaces.Disconnect(text);
        if (_reported == problem)
        {
            return;
        }

        _reported = problem;
        if (namespaces.IsFilled)
        {
            Log.NamespacesLost(logger, namespaces.Count, text);
        }
        else
        {
            Log.NamespacesUnknown(logger, text);
        }
    }

    private static string NameOf(JsonElement item) => item.GetProperty("metadata").GetProperty("name").GetString()!;
}
