using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Until its handshake is over, a connection goes on in turns with what it receives.</summary>
public sealed class HandshakeInputTests : IAsyncDisposable
{
    private readonly Queue<IThreadPoolWorkItem> _queue = new();
    private readonly Pipe _fromClient = new();
    private readonly DefaultConnectionContext _connection = new();
    private readonly Turns _turns;

    public HandshakeInputTests()
    {
        _turns = new(_queue.Enqueue);
        _connection.Transport = new Transport(_fromClient);
        HandshakeInput.Before(_turns)(_ => Task.CompletedTask)(_connection);
        // Another has its turn.
        _ = _turns.Next(IPAddress.Loopback).AsTask();
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Fact]
    public async Task Read_OfFirstBytesThatAreThere_WaitsForItsTurn()
    {
        await Send("hello");
        var read = Read();

        Assert.False(read.IsCompleted);
        Work();

        Assert.Equal("hello", Text(await read));
    }

    [Fact]
    public async Task Read_OfTheRestThatIsThere_WaitsNoMore()
    {
        await Send("hello");
        await ReadInTurn();
        await Send("more");

        Assert.True(Read().IsCompleted);
    }

    [Fact]
    public async Task Read_ThatHasWaited_WaitsForItsTurn()
    {
        await Send("hello");
        await ReadInTurn();
        var read = Read();
        await Send("more");

        Assert.False(read.IsCompleted);
        Work();
        await read;
    }

    [Fact]
    public async Task Read_OfAConnectionThatIsLeft_WaitsForItsTurn()
    {
        var read = Read();
        await _fromClient.Writer.CompleteAsync(new ConnectionResetException("reset"));

        Assert.False(read.IsCompleted);
        Work();
        await Assert.ThrowsAsync<ConnectionResetException>(() => read);
    }

    [Fact]
    public async Task Read_AfterTheHandshake_WaitsForNone()
    {
        await HandshakeInput.After(_ => Task.CompletedTask)(_connection);
        var read = Read();
        await Send("request");

        Assert.Equal("request", Text(await read));
    }

    private async Task Send(string text) =>
        await _fromClient.Writer.WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);

    private static string Text(ReadResult read) => Encoding.ASCII.GetString(read.Buffer);

    private Task<ReadResult> Read() => _connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken).AsTask();

    private async Task ReadInTurn()
    {
        var read = Read();
        Work();
        _connection.Transport.Input.AdvanceTo((await read).Buffer.End);
        // Another has its turn again.
        await _turns.Next(IPAddress.Loopback);
    }

    private void Work()
    {
        while (_queue.TryDequeue(out var work))
        {
            work.Execute();
        }
    }

    private sealed class Transport(Pipe fromClient) : IDuplexPipe
    {
        public PipeReader Input => fromClient.Reader;

        public PipeWriter Output => fromClient.Writer;
    }
}
