using System.Collections.Concurrent;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Serve;

/// <summary>
/// What is known of every namespace. Requests read it and never ask the API server; <see cref="NamespaceWatch"/> fills it
/// and keeps it true.
/// </summary>
internal sealed class NamespaceDirectory(TimeProvider time)
{
    /// <summary>How long a request waits for a namespace of which nothing has been heard: people apply a namespace and
    /// its workloads in one go.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private volatile ConcurrentDictionary<string, NamespaceMetadata>? _byName;
    private volatile string? _problem;
    private long _heard;

    /// <summary>Whether all namespaces have been listed once. Until then nothing can be said of any.</summary>
    public bool IsFilled => _byName is not null;

    /// <summary>The number of namespaces known.</summary>
    public int Count => _byName?.Count ?? 0;

    /// <summary>How long ago the API server was heard last; null until all namespaces have been listed once. About a
    /// minute is nothing unusual: that often it says that there is nothing new.</summary>
    public TimeSpan? Age => _byName is null ? null : time.GetElapsedTime(Interlocked.Read(ref _heard));

    /// <summary>Why changes can't be heard of at present; null where they can.</summary>
    public string? Problem => _problem;

    /// <summary>Takes in a list of all namespaces.</summary>
    public void Fill(IEnumerable<KeyValuePair<string, NamespaceMetadata>> all)
    {
        _byName = new(all, StringComparer.Ordinal);
        Hear();
    }

    /// <summary>Takes in a namespace that is new or has changed.</summary>
    public void Set(string name, NamespaceMetadata metadata)
    {
        _byName![name] = metadata;
        Hear();
    }

    /// <summary>Forgets a namespace that is gone.</summary>
    public void Remove(string name)
    {
        _byName!.TryRemove(name, out _);
        Hear();
    }

    /// <summary>Notes that the API server was heard: what is known is true now.</summary>
    public void Hear()
    {
        Interlocked.Exchange(ref _heard, time.GetTimestamp());
        _problem = null;
    }

    /// <summary>Notes that changes can't be heard of; what is known stays.</summary>
    public void Lose(string problem) => _problem = problem;

    /// <summary>Forgets everything: namespaces are not watched any more.</summary>
    public void Clear()
    {
        _byName = null;
        _problem = null;
    }

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
