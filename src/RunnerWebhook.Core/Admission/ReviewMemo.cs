using RunnerWebhook.Core.Injection;

namespace RunnerWebhook.Core.Admission;

/// <summary>
/// Reviews by one engine, which keeps its last outcomes: the pods of a DaemonSet, or of a rollout, are decided and rendered
/// once. It changes no answer, only how long it takes. Safe for use by several threads.
/// </summary>
/// <param name="injector">The engine.</param>
public sealed class ReviewMemo(Injector injector)
{
    // Most reviews are like one of the last few kinds.
    private const int Recent = 16;

    private readonly BoundedMemo<KnownReview> _known = new();
    private readonly ReviewShape?[] _recent = new ReviewShape?[Recent];
    private int _kinds;

    /// <summary>The engine.</summary>
    public Injector Injector => injector;

    /// <summary>Reads one review.</summary>
    /// <param name="body">The request's body, which must not change until the result is disposed of.</param>
    /// <param name="problem">What is wrong and what is expected, when the result is null.</param>
    /// <returns>The review; null if the body holds none.</returns>
    public Review? Read(ReadOnlyMemory<byte> body, out string problem)
    {
        problem = "";
        foreach (var shape in _recent)
        {
            if (shape?.Match(body.Span) is { } names)
            {
                return new(this, body, names, shape.Known);
            }
        }

        var key = ReviewKey.TryRead(body.Span);
        if (key is not null && _known.Find(key.Bytes) is { } known)
        {
            using (key)
            {
                Remember(key, known);
                return new(this, body, key.Names, known);
            }
        }

        if (AdmissionReviewReader.Read(body, out problem) is { } request)
        {
            return new(this, body, key, request);
        }

        key?.Dispose();
        return null;
    }

    internal void Keep(ReviewKey key, KnownReview known)
    {
        if (_known.Keep(key.Bytes, known, known.Size))
        {
            Remember(key, known);
        }
    }

    // In place of what is known by the same key, or of the oldest.
    private void Remember(ReviewKey key, KnownReview known)
    {
        var place = Array.FindIndex(_recent, shape => shape?.IsOf(key) is true);
        place = place < 0 ? (int)((uint)Interlocked.Increment(ref _kinds) % Recent) : place;
        Volatile.Write(ref _recent[place], new(key, known));
    }
}
