namespace RunnerWebhook.Serve;

/// <summary>Decides large reviews one at a time, on a thread of their own. The threads that serve all requests are as many as
/// there are processors: two reviews of 100 milliseconds would hold both of two.</summary>
internal sealed class LargeReviews : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Decides a review when its turn has come.</summary>
    public async Task Run(Func<Task> decide, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await Task.Factory.StartNew(decide, CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
