using System.Globalization;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>Two hundred lives of a pod's volume. A failure names its seed: <c>GUARD_SEED</c> runs that one alone.</summary>
public sealed class GuardSequenceTests
{
    private const int Sequences = 200;

    [Fact]
    public async Task AnySequence_OfStartsStopsAndFailures_EndsWithOneRunner()
    {
        foreach (var tool in new[] { "dash", "bash", "busybox", "unshare" })
        {
            DebianTool.Require(tool);
        }

        var first = int.TryParse(Environment.GetEnvironmentVariable("GUARD_SEED"), CultureInfo.InvariantCulture, out var seed)
            ? seed
            : Random.Shared.Next();
        var count = Environment.GetEnvironmentVariable("GUARD_SEED") is { Length: > 0 } ? 1 : Sequences;
        await Parallel.ForEachAsync(Enumerable.Range(0, count).Select(index => unchecked(first + index)),
            new ParallelOptions { MaxDegreeOfParallelism = 2 * Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken },
            async (each, _) => await Run(each));
    }

    private static async Task Run(int seed)
    {
        await using var sequence = await GuardSequence.Prepare(seed);
        try
        {
            await sequence.Run();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"GUARD_SEED={seed}: {sequence.History}", e);
        }
    }
}
