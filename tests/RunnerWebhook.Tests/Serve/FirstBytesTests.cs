using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>A handshake begins with a client's first byte.</summary>
public sealed class FirstBytesTests : IAsyncDisposable
{
    private readonly Pipe _fromClient = new();
    private readonly DefaultConnectionContext _connection = new();
    private int _begun;

    public FirstBytesTests() => _connection.Transport = new Transport(_fromClient.Reader);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Fact]
    public async Task Connection_ClosedWithoutAByte_BeginsNone()
    {
        await _fromClient.Writer.CompleteAsync();

        await Serve();

        Assert.Equal(0, _begun);
    }

    [Fact]
    public async Task Connection_Reset_BeginsNone()
    {
        await _fromClient.Writer.CompleteAsync(new ConnectionResetException("reset"));

        await Serve();

        Assert.Equal(0, _begun);
    }

    [Fact]
    public async Task Connection_WithBytes_LeavesThemToTheHandshake()
    {
        var served = Serve();
        Assert.Equal(0, _begun);

        await _fromClient.Writer.WriteAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);
        await served;

        Assert.Equal(1, _begun);
        var read = await _fromClient.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("hello"u8, read.Buffer.First.Span);
    }

    private Task Serve() => FirstBytes.Before(_ =>
    {
        _begun++;
        return Task.CompletedTask;
    })(_connection);

    private sealed class Transport(PipeReader input) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => throw new NotSupportedException();
    }
}
