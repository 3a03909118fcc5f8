using Microsoft.AspNetCore.Connections;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary>
/// Bounds the connections of both ports. No new connection is rejected: to make room for it, the oldest connection that has had
/// no review is closed, or, if each has had one, that whose last review is the oldest. So a flood closes its own connections,
/// and an API server connects whenever it likes.
/// </summary>
internal sealed class ConnectionLimit(TimeProvider time, ILogger<ConnectionLimit> logger)
{
    private static readonly TimeSpan PauseBetweenLines = TimeSpan.FromMinutes(1);

    private readonly Lock _change = new();
    private readonly LinkedList<ConnectionSeat> _strangers = new();
    private readonly LinkedList<ConnectionSeat> _callers = new();
    private long _dropped;
    private long? _loggedAt;

    /// <summary>The connections closed so far to make room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The limit as a part of a port's pipeline.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => async connection =>
    {
        var seat = new ConnectionSeat(this, connection);
        connection.Features.Set(seat);
        Admit(seat);
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(seat);
        }
    };

    /// <summary>Records that a connection has just had a review.</summary>
    public void Prove(ConnectionSeat seat)
    {
        lock (_change)
        {
            // One that was closed meanwhile has no place any more.
            if (seat.Place.List is { } list)
            {
                list.Remove(seat.Place);
                _callers.AddLast(seat.Place);
            }
        }
    }

    private void Admit(ConnectionSeat seat)
    {
        ConnectionSeat? victim = null;
        lock (_change)
        {
            if (_strangers.Count + _callers.Count >= ServerLimits.MaxConnections)
            {
                var list = _strangers.Count > 0 ? _strangers : _callers;
                victim = list.First!.Value;
                list.RemoveFirst();
            }

            _strangers.AddLast(seat.Place);
        }

        if (victim is not null)
        {
            victim.Close();
            Report(Interlocked.Increment(ref _dropped));
        }
    }

    private void Leave(ConnectionSeat seat)
    {
        lock (_change)
        {
            seat.Place.List?.Remove(seat.Place);
        }
    }

    // A flood is one line a minute.
    private void Report(long dropped)
    {
        lock (_change)
        {
            if (_loggedAt is { } at && time.GetElapsedTime(at) < PauseBetweenLines)
            {
                return;
            }

            _loggedAt = time.GetTimestamp();
        }

        Log.ConnectionsDropped(logger, ServerLimits.MaxConnections, dropped);
    }
}
