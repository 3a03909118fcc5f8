using System.Text.Json;
using BenchmarkDotNet.Attributes;
using RunnerWebhook.Core.Injection;

namespace RunnerWebhook.Benchmarks;

/// <summary>
/// One review from bytes to bytes, against the cost of merely parsing it: the ratios compare within one run, and hold on
/// any machine.
/// </summary>
[ShortRunJob]
[MemoryDiagnoser]
public class ReviewBenchmarks
{
    private readonly RecordedReview _pod = new("pod-create.json");
    private readonly RecordedReview _daemonSet = new("daemonset-create.json");
    private readonly RecordedReview _restart = new("daemonset-update-rollout-restart.json");
    private readonly Injector _injector = new(RecordedReview.Configuration, "0.0.0");

    /// <summary>Parsing alone.</summary>
    [Benchmark(Baseline = true)]
    public JsonElement ParseOnly() => JsonElement.Parse(_pod.Bytes);

    /// <summary>A Pod that is injected.</summary>
    [Benchmark]
    public byte[] InjectPod() => _pod.Answer(_injector);

    /// <summary>A DaemonSet that is injected.</summary>
    [Benchmark]
    public byte[] InjectDaemonSet() => _daemonSet.Answer(_injector);

    /// <summary>An update of a DaemonSet, which brings two objects.</summary>
    [Benchmark]
    public byte[] UpdateDaemonSet() => _restart.Answer(_injector);
}
