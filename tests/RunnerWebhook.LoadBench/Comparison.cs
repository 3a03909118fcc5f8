namespace RunnerWebhook.LoadBench;

/// <summary>The webhook and the floors side by side, with ratios. In each round all of them are measured, one after the
/// other.</summary>
internal sealed class Comparison : IDisposable
{
    private const int InFlight = 64;
    private const int PerSecond = 1000;
    private const int ManyReviews = 100_000;

    private readonly BenchOptions _options;
    private readonly BenchCertificate _certificate = new();
    private readonly Contestant _webhook;
    private readonly Contestant _jit;
    private readonly Contestant[] _floors;
    private readonly Dictionary<string, double> _measured = [];

    public Comparison(BenchOptions options)
    {
        _options = options;
        string[] floor = ["{port}", _certificate.CertificateFile, _certificate.KeyFile];
        _webhook = Contestant.Webhook(options.Webhook, options.Configuration, _certificate);
        _jit = _webhook with { Name = "webhook, JIT build", Program = options.JitWebhook };
        var kestrel = new Contestant("Kestrel floor", Environment.ProcessPath!, ["floor", .. floor], "/{size}");
        _floors = options.GoFloor is { } go ? [kestrel, new("Go floor", go, floor, "/{size}")] : [kestrel];
    }

    /// <summary>The figures that <see cref="ClusterCost"/> needs, by name.</summary>
    public IReadOnlyDictionary<string, double> Measured => _measured;

    /// <summary>Measures and prints tables in Markdown.</summary>
    /// <param name="part">What: <c>reviews</c>, <c>processes</c> or <c>all</c>.</param>
    public async Task Run(string part)
    {
        ReviewSeries[] all;
        using (var once = await ServerUnderLoad.Start(_webhook, size: 0, []))
        {
            all = await ReviewSeries.All(_options.Reviews, Ask);
            _measured["pod bytes added"] = await ReviewSeries.BytesAdded(_options.Reviews, "pod-create-by-daemonset.json", Ask);
            _measured["template bytes added"] = await ReviewSeries.BytesAdded(_options.Reviews, "daemonset-create.json", Ask);

            Task<byte[]> Ask(byte[] body) => once.Answer("/mutate", body);
        }

        if (part is "reviews" or "all")
        {
            Console.WriteLine("| review | answer bytes | server | reviews/s | CPU µs | p50 ms | p99 ms | p99.9 ms |");
            Console.WriteLine("| --- | --: | --- | --: | --: | --: | --: | --: |");
            foreach (var series in all)
            {
                await Compare(series);
            }
        }

        if (part is "processes" or "all")
        {
            Console.WriteLine($"\n| server | first answer ms | idle MB | MB after {ManyReviews:N0} reviews |");
            Console.WriteLine("| --- | --: | --: | --: |");
            await CompareProcesses(all);
        }

        if (_floors.Length == 1)
        {
            Console.WriteLine("\nThe floor in Go is left out: this machine has no Go compiler (Debian's package golang-go).");
        }
    }

    public void Dispose() => _certificate.Dispose();

    private async Task Compare(ReviewSeries series)
    {
        var size = 0;
        var figures = new Dictionary<Contestant, Figures>();
        for (var round = 0; round < _options.Rounds; round++)
        {
            foreach (var contestant in _floors.Prepend(_webhook))
            {
                using var server = await ServerUnderLoad.Start(contestant, size, series.Bodies[0]);
                size = size == 0 ? (await server.Answer(contestant.Path, series.Bodies[0])).Length : size;
                var path = contestant.PathFor(size);
                await server.Saturate(path, series.Bodies, InFlight, TimeSpan.FromSeconds(1));
                var (throughput, cpu) = await server.Saturate(path, series.Bodies, InFlight, _options.Time);
                var late = await server.Pace(path, series.Bodies, PerSecond, _options.Time);
                Of(contestant).Add([throughput, cpu, Figures.At(late, 0.5), Figures.At(late, 0.99), Figures.At(late, 0.999)]);
            }
        }

        if (series.IsRollout)
        {
            _measured["rollout CPU µs"] = Of(_webhook).Medians()[1];
            _measured["rollout p99 ms"] = Of(_webhook).Medians()[3];
        }

        Print($"{series.Name} | {size}", _webhook.Name, Of(_webhook).Medians());
        foreach (var floor in _floors)
        {
            Print(" | ", floor.Name, Of(floor).Medians());
            Print(" | ", $"webhook / {floor.Name}", Of(_webhook).RatiosTo(Of(floor)));
        }

        Figures Of(Contestant contestant) =>
            figures.TryGetValue(contestant, out var known) ? known : figures[contestant] = new();
    }

    private async Task CompareProcesses(ReviewSeries[] all)
    {
        byte[][] mixed = [.. all.SelectMany(series => series.Bodies.Take(ManyReviews / all.Length))];
        var contestants = _floors.Prepend(_jit).Prepend(_webhook).ToArray();
        var figures = contestants.Select(_ => new Figures()).ToArray();
        for (var round = 0; round < _options.Rounds; round++)
        {
            foreach (var (index, contestant) in contestants.Index())
            {
                using var server = await ServerUnderLoad.Start(contestant, 8192, mixed[0]);
                await Task.Delay(1000);
                var idle = server.Memory;
                await server.SendMany(contestant.PathFor(8192), mixed, InFlight, contestant == _jit ? 0 : ManyReviews);
                figures[index].Add([server.FirstAnswer.TotalMilliseconds, idle, contestant == _jit ? double.NaN : server.Memory]);
            }
        }

        foreach (var (index, contestant) in contestants.Index())
        {
            Console.WriteLine($"| {contestant.Name} | {Figures.Cells(figures[index].Medians())} |");
            if (index > 0)
            {
                Console.WriteLine($"| webhook / {contestant.Name} | {Figures.Cells(figures[0].RatiosTo(figures[index]))} |");
            }
        }
    }

    private static void Print(string review, string server, double[] row) =>
        Console.WriteLine($"| {review} | {server} | {Figures.Cells(row)} |");
}
