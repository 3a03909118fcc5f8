using Microsoft.AspNetCore.Connections;

namespace RunnerWebhook.Serve;

/// <summary>One connection's place in <see cref="ConnectionLimit"/>; a feature of its requests.</summary>
internal sealed class ConnectionSeat
{
    // Busy callers do not contend for the order of their places.
    private const long MinPause = 1000;

    private readonly ConnectionLimit _limit;
    private readonly ConnectionContext _connection;
    private long _provenAt;

    public ConnectionSeat(ConnectionLimit limit, ConnectionContext connection)
    {
        (_limit, _connection) = (limit, connection);
        Place = new(this);
    }

    /// <summary>Where it is in the order of places.</summary>
    public LinkedListNode<ConnectionSeat> Place { get; }

    /// <summary>Records that the connection has just had a review.</summary>
    public void Prove()
    {
        var now = Environment.TickCount64;
        if (_provenAt == 0 || now - _provenAt > MinPause)
        {
            _provenAt = now;
            _limit.Prove(this);
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Close() => _connection.Abort(new ConnectionAbortedException("too many connections are open"));
}
