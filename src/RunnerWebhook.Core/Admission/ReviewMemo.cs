using RunnerWebhook.Core.Injection;

namespace RunnerWebhook.Core.Admission;

/// <summary>
/// Reviews by one engine, which keeps its last outcomes: the pods of a DaemonSet, or of a rollout, are decided and rendered
/// once. It changes no answer, only how long it takes. Safe for use by several threads.
/// </summary>
/// <param name="injector">The engine.</param>
public sealed class ReviewMemo(Injector injector)
{
    private readonly BoundedMemo<KnownReview> _known = new();

    /// <summary>The engine.</summary>
    public Injector Injector => injector;

    /// <summary>Reads one review.</summary>
    /// <param name="body">The request's body, which must not change until the result is disposed of.</param>
    /// <param name="problem">What is wrong and what is expected, when the result is null.</param>
    /// <returns>The review; null if the body holds none.</returns>
    public Review? Read(ReadOnlyMemory<byte> body, out string problem)
    {
        var key = ReviewKey.TryRead(body.Span);
        if (key is not null && _known.Find(key.Bytes) is { } known)
        {
            problem = "";
            return new(this, body, key, known);
        }

        if (AdmissionReviewReader.Read(body, out problem) is { } request)
        {
            return new(this, body, key, request);
        }

        key?.Dispose();
        return null;
    }

    internal void Keep(ReviewKey key, KnownReview known) => _known.Keep(key.Bytes, known, known.Size);
}
