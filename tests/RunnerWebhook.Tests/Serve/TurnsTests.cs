using System.Net;
using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>What floods consist of goes on in turns, so that others are served between them.</summary>
public sealed class TurnsTests
{
    private static readonly IPAddress ApiServer = IPAddress.Parse("192.0.2.1");

    private readonly Queue<Action> _queue = new();
    private readonly List<string> _done = [];
    private readonly Turns _turns;

    public TurnsTests() => _turns = new(item => _queue.Enqueue(item.Execute));

    [Fact]
    public void Next_WhileAnotherHasItsTurn_WaitsForTheWorkThatWasThereBefore()
    {
        Handshake("first");
        Request("a");
        Handshake("second");
        Handshake("third");
        Request("b");

        Assert.Equal(["first"], _done);
        Work();
        Assert.Equal(["first", "second", "a", "b", "third"], _done);
    }

    [Fact]
    public void Next_AfterAllHadTheirTurn_GoesOnAtOnce()
    {
        Handshake("first");
        Handshake("second");
        Work();

        Handshake("third");

        Assert.Equal(["first", "second", "third"], _done);
    }

    [Fact]
    public void Next_OfAnotherAddress_IsAfterOneOfTheFlood()
    {
        Array.ForEach(["flood 1", "flood 2", "flood 3", "flood 4"], name => Handshake(name));
        Handshake("API server 1", ApiServer);
        Handshake("API server 2", ApiServer);

        Work();

        Assert.Equal(["flood 1", "flood 2", "API server 1", "flood 3", "API server 2", "flood 4"], _done);
    }

    private void Handshake(string name, IPAddress? from = null)
    {
        _ = TakeTurn();

        async Task TakeTurn()
        {
            await _turns.Next(from ?? IPAddress.Loopback);
            _done.Add(name);
        }
    }

    private void Request(string name) => _queue.Enqueue(() => _done.Add(name));

    private void Work()
    {
        while (_queue.TryDequeue(out var work))
        {
            work();
        }
    }
}
