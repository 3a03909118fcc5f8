using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>New connections go on in turns, so that open ones are served between them.</summary>
public sealed class HandshakeTurnsTests
{
    private readonly Queue<Action> _queue = new();
    private readonly List<string> _done = [];
    private readonly HandshakeTurns _turns;

    public HandshakeTurnsTests() => _turns = new(item => _queue.Enqueue(item.Execute));

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

    private void Handshake(string name)
    {
        _ = TakeTurn();

        async Task TakeTurn()
        {
            await _turns.Next();
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
