using System.Diagnostics;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Waits for what happens in the background.</summary>
internal static class Wait
{
    // Long enough for a machine with twenty times as much to do as it can.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Fails if the condition isn't met within a minute.</summary>
    public static async Task Until(Func<Task<bool>> condition)
    {
        for (var watch = Stopwatch.StartNew(); !await condition(); await Task.Delay(10, TestContext.Current.CancellationToken))
        {
            Assert.True(watch.Elapsed < Patience, "it did not happen within a minute");
        }
    }

    /// <inheritdoc cref="Until(Func{Task{bool}})"/>
    public static Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));
}
