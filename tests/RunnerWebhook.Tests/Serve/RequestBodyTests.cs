using System.Net;
using Microsoft.AspNetCore.Http;
using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Long bodies are read in turns, whose bytes are there at once.</summary>
public sealed class RequestBodyTests : IDisposable
{
    private readonly Queue<IThreadPoolWorkItem> _queue = new();
    private readonly BodyMemory _memory = new(TimeProvider.System);
    private readonly Turns _turns;

    public RequestBodyTests()
    {
        _turns = new(_queue.Enqueue);
        // Another has its turn.
        _ = _turns.Next(IPAddress.Loopback).AsTask();
    }

    public void Dispose() => _memory.Dispose();

    [Fact]
    public async Task Read_ShortBody_WaitsForNoTurn()
    {
        using var body = await Read(ServerLimits.LargeReviewBytes);

        Assert.Equal(ServerLimits.LargeReviewBytes, body.Bytes.Length);
    }

    [Theory]
    [InlineData(ServerLimits.MaxReviewBytes)]
    [InlineData(ServerLimits.MaxReviewBytes * 2)]
    public async Task Read_LongBody_WaitsForATurnNowAndThen(int length)
    {
        var read = Read(length);
        var turns = 0;

        while (!read.IsCompleted)
        {
            turns++;
            _queue.Dequeue().Execute();
        }

        using var body = await read;
        Assert.InRange(turns, length / ServerLimits.LargeReviewBytes / 2, length / ServerLimits.LargeReviewBytes);
        Assert.Equal(length > ServerLimits.MaxReviewBytes, body.IsTooLong);
    }

    private Task<RequestBody> Read(int length)
    {
        var context = new DefaultHttpContext { Request = { Body = new MemoryStream(new byte[length]), ContentLength = length } };
        return RequestBody.Read(context.Request, _memory, _turns, TestContext.Current.CancellationToken).AsTask();
    }
}
