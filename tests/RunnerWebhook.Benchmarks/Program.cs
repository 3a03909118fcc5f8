using BenchmarkDotNet.Running;
using RunnerWebhook.Benchmarks;

// dotnet run -c Release --project tests/RunnerWebhook.Benchmarks [-- --filter '*Rule*'] [--plot FILE.svg]
var plot = Array.IndexOf(args, "--plot");
var summaries = BenchmarkRunner.Run([typeof(ReviewBenchmarks), typeof(SizeBenchmarks), typeof(RuleBenchmarks)],
    args: plot < 0 ? args : [.. args[..plot], .. args[(plot + 2)..]]);
if (plot >= 0)
{
    await File.WriteAllTextAsync(args[plot + 1], GrowthPlot.Of(summaries));
}
