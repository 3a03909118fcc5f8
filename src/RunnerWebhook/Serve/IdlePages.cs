namespace RunnerWebhook.Serve;

/// <summary>Gives back the pages of the program's files while no reviews come: after the start, and after the last of a
/// series. What a review needs of them is there again within a millisecond.</summary>
/// <param name="reviews">How many reviews have been answered so far.</param>
internal sealed class IdlePages(Func<long> reviews) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private Timer? _timer;
    private long _before;
    private long _givenAt;

    /// <summary>Gives back those of the start, and looks from time to time from now on.</summary>
    public void Start()
    {
        FilePages.GiveBack();
        _timer = new(_ => Look(), null, Interval, Interval);
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>Gives them back if none has been answered since the last look, and some since they were given back.</summary>
    /// <returns>Whether they are given back.</returns>
    internal bool Look()
    {
        var (now, before) = (reviews(), _before);
        _before = now;
        if (now != before || now == _givenAt)
        {
            return false;
        }

        _givenAt = now;
        FilePages.GiveBack();
        return true;
    }
}
