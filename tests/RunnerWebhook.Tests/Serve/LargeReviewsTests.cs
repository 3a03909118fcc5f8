using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Large reviews leave the threads that serve all requests alone.</summary>
public sealed class LargeReviewsTests
{
    [Fact]
    public async Task Run_WhileAnotherRuns_WaitsForItsTurn()
    {
        using var reviews = new LargeReviews();
        var (first, begun) = (new TaskCompletionSource(), new List<string>());
        var one = reviews.Run(() => Begin("one", first.Task), TestContext.Current.CancellationToken);
        var two = reviews.Run(() => Begin("two", Task.CompletedTask), TestContext.Current.CancellationToken);

        Assert.False(two.IsCompleted);
        first.SetResult();
        await Task.WhenAll(one, two);

        Assert.Equal(["one", "two"], begun);

        Task Begin(string name, Task end)
        {
            begun.Add(name);
            return end;
        }
    }

    [Fact]
    public async Task Run_OfAReview_TakesNoThreadOfThePool()
    {
        using var reviews = new LargeReviews();
        var isOfPool = true;

        await reviews.Run(() =>
        {
            isOfPool = Thread.CurrentThread.IsThreadPoolThread;
            return Task.CompletedTask;
        }, TestContext.Current.CancellationToken);

        Assert.False(isOfPool);
    }

    [Fact]
    public async Task Run_ThatFails_GivesItsTurnBack()
    {
        using var reviews = new LargeReviews();

        await Assert.ThrowsAsync<IOException>(() => reviews.Run(() => throw new IOException(), TestContext.Current.CancellationToken));

        await reviews.Run(() => Task.CompletedTask, TestContext.Current.CancellationToken);
    }
}
