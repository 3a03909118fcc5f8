namespace RunnerWebhook.Serve;

/// <summary>
/// The memory of all bodies at a time. Small ones share a bounded memory: when it is used up, those that were begun first and
/// are still incomplete are given up, because an API server's arrive within milliseconds. A large one needs one of a few
/// places, from its reading to its decision, and waits for it.
/// </summary>
internal sealed class BodyMemory(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    // A large body that is still incomplete after this time gives its place to another that waits.
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(2);

    private readonly Lock _change = new();
    private readonly LinkedList<RequestBody> _incomplete = new();
    private readonly LinkedList<(RequestBody Body, long Since)> _largeIncomplete = new();
    private readonly SemaphoreSlim _places = new(ServerLimits.MaxLargeBodies);
    private int _used;

    /// <summary>Takes memory for a small body, perhaps from others.</summary>
    /// <param name="body">The body; it can be given up from now on, until it is complete.</param>
    /// <param name="bytes">How many bytes it needs in all.</param>
    /// <returns>Whether it may have them.</returns>
    public bool Take(RequestBody body, int bytes)
    {
        lock (_change)
        {
            body.Place ??= _incomplete.AddLast(body);
            while (_used - body.Taken + bytes > ServerLimits.MaxBodyMemory
                && _incomplete.First is { } first && first != body.Place)
            {
                _incomplete.RemoveFirst();
                first.Value.GiveUp();
                SetTaken(first.Value, 0);
            }

            // One that was given up itself has no place any more.
            var isFree = body.Place.List is not null && _used - body.Taken + bytes <= ServerLimits.MaxBodyMemory;
            SetTaken(body, isFree ? bytes : 0);
            return isFree;
        }
    }

    /// <summary>Waits for a place for a large body.</summary>
    /// <returns>Whether it has one; if not, too many others wait as well.</returns>
    public async Task<bool> TakePlace(RequestBody body, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (!await _places.WaitAsync(TimeSpan.FromMilliseconds(200), cancellation))
        {
            GiveUpStalled();
            if (time.GetElapsedTime(start) > MaxWait)
            {
                return false;
            }
        }

        lock (_change)
        {
            Leave(body);
            body.HasPlace = true;
            _largeIncomplete.AddLast((body, time.GetTimestamp()));
        }

        return true;
    }

    /// <summary>Records that a body is complete: it keeps its memory.</summary>
    public void Complete(RequestBody body)
    {
        lock (_change)
        {
            RemoveIncomplete(body);
        }
    }

    /// <summary>Gives the memory of a body back.</summary>
    public void Return(RequestBody body)
    {
        lock (_change)
        {
            Leave(body);
        }

        if (body.HasPlace)
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private void GiveUpStalled()
    {
        lock (_change)
        {
            while (_largeIncomplete.First is { } first && time.GetElapsedTime(first.Value.Since) > Stalled)
            {
                _largeIncomplete.RemoveFirst();
                first.Value.Body.GiveUp();
            }
        }
    }

    private void Leave(RequestBody body)
    {
        RemoveIncomplete(body);
        SetTaken(body, 0);
    }

    private void RemoveIncomplete(RequestBody body)
    {
        if (body.Place is { List: not null } place)
        {
            _incomplete.Remove(place);
        }

        for (var node = body.HasPlace ? _largeIncomplete.First : null; node is not null; node = node.Next)
        {
            if (node.Value.Body == body)
            {
                _largeIncomplete.Remove(node);
                break;
            }
        }
    }

    private void SetTaken(RequestBody body, int bytes)
    {
        _used += bytes - body.Taken;
        body.Taken = bytes;
    }
}
