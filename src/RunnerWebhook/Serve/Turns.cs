using System.Net;

namespace RunnerWebhook.Serve;

/// <summary>
/// Lets work that floods consist of go on a piece at a time, each piece after the work that was waiting before it: handshakes and
/// long bodies. Threads take their work in the order in which it came: without turns, 500 handshakes that arrive at once would
/// all go before the next request of a connection that is open. Addresses have their turns alternately, so that one client's
/// flood delays an API server by one piece.
/// </summary>
/// <param name="enqueue">Puts it at the end of the queue of all work; null for the thread pool's.</param>
internal sealed class Turns(Action<IThreadPoolWorkItem>? enqueue = null) : IThreadPoolWorkItem
{
    private readonly Action<IThreadPoolWorkItem> _enqueue = enqueue
        ?? (item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false));
    private readonly Lock _change = new();
    private readonly Dictionary<IPAddress, Queue<TaskCompletionSource>> _waiting = [];
    private readonly Queue<IPAddress> _addresses = new();
    private bool _isTaken;

    /// <summary>Waits for a turn, which ends when the work that waits now is done.</summary>
    /// <param name="client">The client's address.</param>
    public ValueTask Next(IPAddress client)
    {
        lock (_change)
        {
            if (_isTaken)
            {
                return new(Wait(client));
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
            next = Dequeue();
            _isTaken = next is not null;
        }

        if (next is not null)
        {
            _enqueue(this);
            // The work goes on here.
            next.SetResult();
        }
    }

    private Task Wait(IPAddress client)
    {
        if (!_waiting.TryGetValue(client, out var turns))
        {
            _waiting.Add(client, turns = new());
            _addresses.Enqueue(client);
        }

        var turn = new TaskCompletionSource();
        turns.Enqueue(turn);
        return turn.Task;
    }

    private TaskCompletionSource? Dequeue()
    {
        if (!_addresses.TryDequeue(out var client))
        {
            return null;
        }

        var turns = _waiting[client];
        var next = turns.Dequeue();
        if (turns.Count > 0)
        {
            _addresses.Enqueue(client);
        }
        else
        {
            _waiting.Remove(client);
        }

        return next;
    }
}
