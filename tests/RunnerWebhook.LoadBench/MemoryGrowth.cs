using System.Globalization;

namespace RunnerWebhook.LoadBench;

/// <summary>The webhook's memory after its start, under load, and after a long time of it.</summary>
/// <param name="webhook">The webhook.</param>
/// <param name="reviews">The folder of recorded reviews.</param>
/// <param name="further">How many reviews it answers after it is warm.</param>
internal sealed class MemoryGrowth(Contestant webhook, string reviews, int further)
{
    private const int InFlight = 64;
    private const int Warm = 100_000;
    private const int Samples = 5;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(25);

    /// <summary>Measures and prints a table in Markdown.</summary>
    public async Task Run()
    {
        using var server = await ServerUnderLoad.Start(webhook, size: 0, []);
        await Task.Delay(Idle);
        Console.WriteLine("| webhook | MB |\n| --- | --: |");
        Print("after its start", server);
        var all = await ReviewSeries.All(reviews, body => server.Answer(webhook.Path, body));
        await Task.Delay(Idle);
        Print("after its first answers", server);
        // Kinds in turn, as they come in a cluster.
        byte[][] mixed = [.. Enumerable.Range(0, 2000).SelectMany(index =>
            all.Select(series => series.Bodies[index % series.Bodies.Length]))];
        await server.SendMany(webhook.Path, mixed, InFlight, Warm);
        Print(string.Create(CultureInfo.InvariantCulture, $"after {Warm:N0} reviews"), server);
        for (var sample = 1; sample <= Samples; sample++)
        {
            await server.SendMany(webhook.Path, mixed, InFlight, further / Samples);
            Print(string.Create(CultureInfo.InvariantCulture, $"after a further {(long)further * sample / Samples:N0}"), server);
        }
    }

    private static void Print(string when, ServerUnderLoad server) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {when} | {server.Memory:0.0} |"));
}
