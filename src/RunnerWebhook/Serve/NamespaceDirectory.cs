using System.Collections.Concurrent;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Serve;

/// <summary>
/// The metadata of every namespace. Requests read it and never ask the API server; <see cref="NamespaceWatch"/> keeps it
/// up to date.
/// </summary>
internal sealed class NamespaceDirectory(TimeProvider time)
{
    /// <summary>How long a request waits for a namespace that is not known yet: people apply a namespace and its workloads
    /// together.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private volatile ConcurrentDictionary<string, NamespaceMetadata>? _byName;
    private volatile TaskCompletionSource _nextChange = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _problem;
    private long _confirmedAt;

    /// <summary>Whether all namespaces have been listed once. Until then nothing is known about any.</summary>
    public bool IsFilled => _byName is not null;

    /// <summary>The number of namespaces known.</summary>
    public int Count => _byName?.Count ?? 0;

    /// <summary>The time since the API server last confirmed the content; null before the first list. About a minute is
    /// usual: that often the API server reports that nothing has changed.</summary>
    public TimeSpan? Age => _byName is null ? null : time.GetElapsedTime(Interlocked.Read(ref _confirmedAt));

    /// <summary>Why changes are not received at present; null if they are.</summary>
    public string? Problem => _problem;

    /// <summary>Replaces the content by a list of all namespaces.</summary>
    public void Fill(IEnumerable<KeyValuePair<string, NamespaceMetadata>> all)
    {
        _byName = new(all, StringComparer.Ordinal);
        Confirm();
        WakeRequests();
    }

    /// <summary>Sets a namespace that is new or has changed.</summary>
    public void Set(string name, NamespaceMetadata metadata)
    {
        var isNew = !_byName!.ContainsKey(name);
        _byName[name] = metadata;
        Confirm();
        if (isNew)
        {
            WakeRequests();
        }
    }

    /// <summary>Removes a namespace that was deleted.</summary>
    public void Remove(string name)
    {
        _byName!.TryRemove(name, out _);
        Confirm();
    }

    /// <summary>Records that the content is up to date now.</summary>
    public void Confirm()
    {
        Interlocked.Exchange(ref _confirmedAt, time.GetTimestamp());
        _problem = null;
    }

    /// <summary>Records why changes are not received; the content stays.</summary>
    public void Disconnect(string problem) => _problem = problem;

    /// <summary>Forgets everything: namespaces are no longer watched.</summary>
    public void Clear()
    {
        _byName = null;
        _problem = null;
    }

    /// <summary>A namespace's metadata; null if it is still not known after <see cref="MaxWait"/>.</summary>
    public ValueTask<NamespaceMetadata?> Find(string name, CancellationToken cancellation) =>
        Known(name) is { } known ? new(known) : new(Await(name, cancellation));

    private NamespaceMetadata? Known(string name) => _byName?.GetValueOrDefault(name);

    private async Task<NamespaceMetadata?> Await(string name, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            // Taken before the look, so that no change in between is missed.
            var change = _nextChange.Task;
            var left = MaxWait - time.GetElapsedTime(start);
            var known = Known(name);
            if (known is not null || left <= TimeSpan.Zero)
            {
                return known;
            }

            await change.WaitAsync(left, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void WakeRequests() =>
        Interlocked.Exchange(ref _nextChange, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
