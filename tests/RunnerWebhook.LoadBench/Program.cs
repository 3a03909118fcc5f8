using System.Globalization;
using RunnerWebhook.LoadBench;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
// ./dev bench calls it: cluster FIGURES | floor PORT CERTIFICATE KEY | growth REVIEWS POINTS SVG
// | memory WEBHOOK CONFIGURATION REVIEWS COUNT
// | run WEBHOOK JIT-WEBHOOK GO-FLOOR|- CONFIGURATION REVIEWS SECONDS ROUNDS PART FIGURES
// soak WEBHOOK CONFIGURATION REVIEWS MINUTES REVIEWS-A-SECOND: ./dev soak calls it. steady URL REVIEW: the tests of abuse call it.
switch (args)
{
    case ["floor", var port, var certificate, var key]:
        await KestrelFloor.Run(port, certificate, key);
        return 0;
    case ["cluster", var figures]:
        new ClusterCost(MeasuredFigures.Read(figures)).Print();
        return 0;
    case ["growth", var reviews, var file, var svg]:
        var measured = new Growth(await File.ReadAllBytesAsync(Path.Combine(reviews, "pod-create.json"))).Measure().ToArray();
        GrowthPoint.Write(file, measured);
        var points = GrowthPoint.Read(file);
        await File.WriteAllTextAsync(svg, GrowthPlot.Of(points));
        Console.Write(GrowthTable.Of(points));
        return 0;
    case ["memory", var webhook, var config, var reviews, var count]:
        using (var certificate = new BenchCertificate())
        {
            await new MemoryGrowth(Contestant.Webhook(webhook, config, certificate), reviews,
                int.Parse(count, CultureInfo.InvariantCulture)).Run();
        }

        return 0;
    case ["run", var webhook, var jit, var go, var config, var reviews, var seconds, var rounds, var part, var file]:
        using (var comparison = new Comparison(new(webhook, jit, go == "-" ? null : go, config, reviews,
            TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)),
            int.Parse(rounds, CultureInfo.InvariantCulture))))
        {
            await comparison.Run(part);
            MeasuredFigures.Write(file, comparison.Measured);
        }

        return 0;
    case ["soak", var webhook, var config, var reviews, var minutes, var perSecond]:
        return await new Soak(webhook, config, reviews, TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)),
            int.Parse(perSecond, CultureInfo.InvariantCulture)).Run() ? 0 : 1;
    case ["steady", var url, var review]:
        await new SteadyClient(new(url), await File.ReadAllBytesAsync(review)).Run();
        return 0;
    default:
        Console.Error.WriteLine("use ./dev bench or ./dev soak");
        return 2;
}
