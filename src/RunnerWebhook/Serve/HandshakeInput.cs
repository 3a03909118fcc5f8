using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace RunnerWebhook.Serve;

/// <summary>What a connection receives. Until its handshake is over, it waits for its turn before the first bytes, and each time
/// that it has waited for more or for the end: a client that leaves 500 handshakes at once delays others as little as one that
/// begins them.</summary>
internal sealed class HandshakeInput : PipeReader, IDuplexPipe
{
    private readonly Turns _turns;
    private readonly IPAddress _client;
    private readonly PipeReader _input;
    private bool _hasBegun;
    private volatile bool _isOver;

    private HandshakeInput(Turns turns, ConnectionContext connection)
    {
        _turns = turns;
        _client = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        (_input, Output) = (connection.Transport.Input, connection.Transport.Output);
    }

    public PipeReader Input => this;

    public PipeWriter Output { get; }

    /// <summary>The turns as a part of a port's pipeline, before the handshake.</summary>
    public static Func<ConnectionDelegate, ConnectionDelegate> Before(Turns turns) => next => connection =>
    {
        var input = new HandshakeInput(turns, connection);
        connection.Features.Set(input);
        connection.Transport = input;
        return next(connection);
    };

    /// <summary>The end of the turns, after the handshake.</summary>
    public static ConnectionDelegate After(ConnectionDelegate next) => connection =>
    {
        connection.Features.GetRequiredFeature<HandshakeInput>()._isOver = true;
        return next(connection);
    };

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = _input.ReadAsync(cancellationToken);
        if (_isOver || (_hasBegun && read.IsCompleted))
        {
            return read;
        }

        _hasBegun = true;
        return InTurn(read);
    }

    public override bool TryRead(out ReadResult result) => _input.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => _input.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _input.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => _input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _input.Complete(exception);

    private async ValueTask<ReadResult> InTurn(ValueTask<ReadResult> read)
    {
        try
        {
            return await read;
        }
        finally
        {
            await _turns.Next(_client);
        }
    }
}
