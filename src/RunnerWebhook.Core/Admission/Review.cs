using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Admission;

/// <summary>One review on its way from the request to the outcome. Disposing it gives the memory of both back.</summary>
public sealed class Review : IDisposable
{
    private readonly ReviewMemo _memo;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly ReviewNames? _names;
    private readonly KnownReview? _known;
    private ReviewKey? _key;
    private PatchBuffer _patch;

    internal Review(ReviewMemo memo, ReadOnlyMemory<byte> body, ReviewKey? key, AdmissionRequest request)
    {
        (_memo, _body, _key, Request) = (memo, body, key, request);
        Name = request.Name.Length > 0 || request.Object is not { } json ? request.Name : WorkloadReader.DisplayNameOf(json);
    }

    internal Review(ReviewMemo memo, ReadOnlyMemory<byte> body, ReviewNames names, KnownReview known)
    {
        (_memo, _body, _names, _known) = (memo, body, names, known);
        (Request, Name) = (known.RequestFor(names), names.ObjectName);
    }

    /// <summary>The request; without its objects if the outcome is known already.</summary>
    public AdmissionRequest Request { get; private set; }

    /// <summary>The object's name for logs; a prefix with a star while the API server has yet to make one up.</summary>
    public string Name { get; }

    /// <summary>Decides, or finds what has been decided for the same object.</summary>
    /// <param name="metadata">What is known of the namespace; null if nothing is known.</param>
    /// <returns>The outcome, whose patch is good until this review is disposed of.</returns>
    public InjectionOutcome Decide(NamespaceMetadata? metadata)
    {
        if (_known is not null && ReferenceEquals(_known.Metadata, metadata))
        {
            return _known.OutcomeFor(_names!, ref _patch);
        }

        if (_known is not null)
        {
            // The namespace has changed since.
            Request = AdmissionReviewReader.Read(_body, out _)!;
            _key = ReviewKey.TryRead(_body.Span);
        }

        var outcome = AdmissionReviewer.Review(Request, _memo.Injector, metadata);
        if (_key is not null && KnownReview.TryCreate(_key, Request, metadata, outcome) is { } known)
        {
            _memo.Keep(_key, known);
        }

        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Request.Dispose();
        _key?.Dispose();
        _patch.Dispose();
    }
}
