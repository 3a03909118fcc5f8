using BenchmarkDotNet.Running;
using RunnerWebhook.Benchmarks;

// dotnet run -c Release --project tests/RunnerWebhook.Benchmarks
BenchmarkRunner.Run<ReviewBenchmarks>(args: args);
