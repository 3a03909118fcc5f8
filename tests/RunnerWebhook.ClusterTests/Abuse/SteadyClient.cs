using System.Globalization;
using RunnerWebhook.ClusterTests.ControlPlane;

namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>The well-behaved client of <c>tests/RunnerWebhook.LoadBench</c>, and what it reports: a line for each review.</summary>
internal sealed class SteadyClient : IAsyncDisposable
{
    private const string Failure = "failed: ";

    private readonly ChildProcess _process;
    private int _read;

    /// <summary>Starts it.</summary>
    /// <param name="mutate">Where reviews go.</param>
    /// <param name="folder">Where its report goes.</param>
    public SteadyClient(Uri mutate, string folder) => _process = ChildProcess.Start(Path.Combine(folder, "steady"), "dotnet",
        Path.Combine(AppContext.BaseDirectory, "RunnerWebhook.LoadBench.dll"), "steady", mutate.ToString(), AbusedServer.ReviewFile);

    /// <summary>What was answered and what failed since the last call, with the time in milliseconds that 99 of 100 stay
    /// within.</summary>
    public async Task<(int Answered, string[] Failures, double P99)> Take()
    {
        var report = await _process.ReadLog();
        // The last line may not be whole yet.
        var end = report.LastIndexOf('\n') + 1;
        var lines = report[_read..end].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _read = end;
        var failures = lines.Where(line => line.StartsWith(Failure, StringComparison.Ordinal)).ToArray();
        double[] times = [.. lines.Where(line => !line.StartsWith(Failure, StringComparison.Ordinal)).Select(line => double.Parse(line, CultureInfo.InvariantCulture)).Order()];
        return (times.Length, failures, times.Length == 0 ? 0 : times[(int)Math.Ceiling(0.99 * times.Length) - 1]);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
