using System.Collections.Concurrent;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Serve;

/// <summary>
/// What is known of every namespace. Requests read it and never ask the API server; a watch in the background fills it
/// and keeps it true.
/// </summary>
internal sealed class NamespaceDirectory(TimeProvider time)
{
    /// <summary>How long a request waits for a namespace of which nothing has been heard: people apply a namespace and
    /// its workloads in one go.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private volatile ConcurrentDictionary<string, NamespaceMetadata>? _byName;

    /// <summary>Whether all namespaces have been listed once. Until then nothing can be said of any.</summary>
    public bool IsFilled => _byName is not null;

    /// <summary>The number of namespaces known.</summary>
    public int Count => _byName?.Count ?? 0;

    /// <summary>Takes in a list of all namespaces.</summary>
    public void Fill(IEnumerable<KeyValuePair<string, NamespaceMetadata>> all) => _byName = new(all, StringComparer.Ordinal);

    /// <summary>Takes in a namespace that is new or has changed.</summary>
    public void Set(string name, NamespaceMetadata metadata) => _byName![name] = metadata;

    /// <summary>Forgets a namespace that is gone.</summary>
    public void Remove(string name) => _byName!.TryRemove(name, out _);

    /// <summary>Forgets everything: namespaces are not watched any more.</summary>
    public void Clear() => _byName = null;

    /// <summary>What is known of a namespace; null where nothing has been heard of it within the
    /// <see cref="Patience"/>.</summary>
    public async ValueTask<NamespaceMetadata?> Find(string name, CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; ; waited += Step)
        {
            if (_byName?.GetValueOrDefault(name) is { } known)
            {
                return known;
            }

            if (waited >= Patience)
            {
                return null;
            }

            await Task.Delay(Step, time, cancellation);
        }
    }
}
