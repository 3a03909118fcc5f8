using System.Globalization;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>One server for all cases, the program as it is released with the heap that it has in its container, and the client
/// that it must go on to serve.</summary>
public sealed class AbuseFixture : IAsyncLifetime
{
    // Three quarters of 256 MiB, as .NET takes of a container's memory.
    private const string HeapLimit = "C000000";

    // The web server's own word for a client that it closes, at level Critical.
    private const string ClosedByKestrel = "exceeded the output operations maximum queue size";

    // Enough for the client's own code to be compiled.
    private const int WarmUp = 200;

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-abuse").FullName;
    private readonly List<(string What, double P99, int Answered)> _cases = [];
    private SteadyClient _steady = null!;
    private int _read;
    private double _peak;

    internal ServerProcess Server { get; private set; } = null!;

    internal AbusedServer Target => new(Server.Port);

    public async ValueTask InitializeAsync()
    {
        Server = new(drainSeconds: 0, new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = HeapLimit })
        {
            Program = PublishedProgram.Webhook,
        };
        await Server.Ready();
        Server.ForgetPeakOfMemory();
        _steady = new(Server.Mutate, _folder);
        var answered = 0;
        await Cluster.Until("the well-behaved client", async () => (answered += (await _steady.Take()).Answered) >= WarmUp);
    }

    /// <summary>Ends a case: nothing has failed for the steady client, and the log holds no fault of the program.</summary>
    internal async Task<double> Settle(string what)
    {
        await Task.Delay(100);
        var (answered, failures, p99) = await _steady.Take();
        // A case can be over before a busy machine gave the client its turn.
        for (var round = 0; answered == 0 && round < 50; round++)
        {
            Assert.Empty(failures);
            await Task.Delay(100);
            (answered, failures, p99) = await _steady.Take();
        }

        Assert.Empty(failures);
        Assert.True(answered > 0, "the well-behaved client had no answer");
        _cases.Add((what, p99, answered));
        var log = await Server.ReadLog();
        var lines = log[_read..];
        _read = log.Length;
        Assert.DoesNotContain("   at ", lines, StringComparison.Ordinal);
        Assert.All(lines.Split('\n').Where(line => !line.Contains(ClosedByKestrel, StringComparison.Ordinal)), line =>
        {
            Assert.DoesNotContain("\"LogLevel\":\"Error\"", line, StringComparison.Ordinal);
            Assert.DoesNotContain("\"LogLevel\":\"Critical\"", line, StringComparison.Ordinal);
        });
        var peak = Server.Memory("VmHWM");
        _peak = Math.Max(_peak, peak);
        Server.ForgetPeakOfMemory();
        return peak;
    }

    public async ValueTask DisposeAsync()
    {
        await _steady.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        var table = Path.Combine(Webhook.Repository, "artifacts", "abuse.md");
        await File.WriteAllLinesAsync(table, _cases.Select(one =>
            string.Create(CultureInfo.InvariantCulture, $"| {one.What} | {one.Answered} | {one.P99:0.0} |")));
        if (_cases.Count > 0)
        {
            var worst = _cases.MaxBy(one => one.P99);
            Figures.Add("abuse: {0} cases, {1} reviews of a well-behaved client meanwhile, 0 failed; p99 {2:0.0} ms in the median case, "
                + "{3:0.0} ms in the worst ({4}); peak memory {5:0} MB",
                _cases.Count, _cases.Sum(one => one.Answered), _cases.Select(one => one.P99).Order().ElementAt(_cases.Count / 2),
                worst.P99, worst.What, _peak);
        }

        await Server.DisposeAsync();
    }
}
