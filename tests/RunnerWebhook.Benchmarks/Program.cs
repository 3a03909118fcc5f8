using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using RunnerWebhook.Benchmarks;

// dotnet run -c Release --project tests/RunnerWebhook.Benchmarks [-- --filter '*Known*']
// In this process: BenchmarkDotNet would build a project of its own, without this repository's settings.
BenchmarkRunner.Run<ReviewBenchmarks>(
    DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)), args);
