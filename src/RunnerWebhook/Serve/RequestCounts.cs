using System.Diagnostics.Metrics;
using System.Globalization;
using RunnerWebhook.Core.Outcomes;

namespace RunnerWebhook.Serve;

/// <summary>How many requests were reviewed and refused, by label. Every combination of labels exists from the start, at 0:
/// Prometheus' <c>increase</c> does not see the first step of a series that appears with it.</summary>
internal sealed class RequestCounts
{
    // Kestrel's own refusals, and ours. Any other status appears with its first refusal.
    private static readonly int[] KnownStatuses = [400, 404, 405, 408, 411, 413, 414, 415, 431, 500, 503, 505];

    private const int MinStatus = 400;
    private const int MaxStatus = 599;

    private static readonly OutcomeCode[] Outcomes = Enum.GetValues<OutcomeCode>();
    private static readonly string[] Kinds = ["Pod", "DaemonSet", "other"];

    private readonly long[] _reviewed = new long[Outcomes.Length * Kinds.Length];
    private readonly long[] _refused = new long[MaxStatus - MinStatus + 1];

    /// <summary>The requests reviewed, of all outcomes and kinds.</summary>
    public long Reviews
    {
        get
        {
            var all = 0L;
            for (var i = 0; i < _reviewed.Length; i++)
            {
                all += Interlocked.Read(ref _reviewed[i]);
            }

            return all;
        }
    }

    /// <summary>Counts a request that was answered with an AdmissionReview.</summary>
    public void AddReviewed(OutcomeCode outcome, string kind)
    {
        var index = Array.IndexOf(Kinds, kind);
        Interlocked.Increment(ref _reviewed[((int)outcome * Kinds.Length) + (index < 0 ? Kinds.Length - 1 : index)]);
    }

    /// <summary>Counts a request that was refused as HTTP.</summary>
    public void AddRefused(int status) =>
        Interlocked.Increment(ref _refused[Math.Clamp(status, MinStatus, MaxStatus) - MinStatus]);

    /// <summary>The requests reviewed, by outcome and kind.</summary>
    public IEnumerable<Measurement<long>> Reviewed() => _reviewed.Select((_, index) => new Measurement<long>(
        Interlocked.Read(ref _reviewed[index]),
        new("outcome", Outcomes[index / Kinds.Length].Text()), new("kind", Kinds[index % Kinds.Length])));

    /// <summary>The requests refused, by status.</summary>
    public IEnumerable<Measurement<long>> Refused() => Enumerable.Range(MinStatus, _refused.Length)
        .Select(status => (Status: status, Count: Interlocked.Read(ref _refused[status - MinStatus])))
        .Where(refused => refused.Count > 0 || KnownStatuses.Contains(refused.Status))
        .Select(refused => new Measurement<long>(refused.Count,
            new KeyValuePair<string, object?>("code", refused.Status.ToString(CultureInfo.InvariantCulture))));
}
