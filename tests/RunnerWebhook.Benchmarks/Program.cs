using BenchmarkDotNet.Running;
using RunnerWebhook.Benchmarks;

// dotnet run -c Release --project tests/RunnerWebhook.Benchmarks [-- --filter '*Policy*']
BenchmarkRunner.Run([typeof(ReviewBenchmarks), typeof(PolicyBenchmarks)], args: args);
