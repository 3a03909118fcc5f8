namespace RunnerWebhook.Serve;

/// <summary>
/// Lets TLS handshakes go on one after the other, each after the work that was waiting before it. Threads take their work in the
/// order in which it came: without turns, 500 handshakes that arrive at once would all go before the next request of a connection
/// that is open. A handshake has its turn once its first message is there, so that a silent client delays no one else.
/// </summary>
/// <param name="enqueue">Puts it at the end of the queue of all work; null for the thread pool's.</param>
internal sealed class HandshakeTurns(Action<IThreadPoolWorkItem>? enqueue = null) : IThreadPoolWorkItem
{
    private readonly Action<IThreadPoolWorkItem> _enqueue = enqueue
        ?? (item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false));
    private readonly Lock _change = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private bool _isTaken;

    /// <summary>Waits for a turn, which ends when the work that waits now is done.</summary>
    public ValueTask Next()
    {
        lock (_change)
        {
            if (_isTaken)
            {
                var turn = new TaskCompletionSource();
                _waiting.Enqueue(turn);
                return new(turn.Task);
            }

            _isTaken = true;
        }

        _enqueue(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the turn and begins the next one.</summary>
    public void Execute()
    {
        TaskCompletionSource? next;
        lock (_change)
        {
            _isTaken = _waiting.TryDequeue(out next);
        }

        if (next is not null)
        {
            _enqueue(this);
            // The handshake goes on here.
            next.SetResult();
        }
    }
}
