using BenchmarkDotNet.Attributes;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Injection;

namespace RunnerWebhook.Benchmarks;

/// <summary>One review from bytes to bytes, by kind: a workload seen before, and one never seen.</summary>
[MemoryDiagnoser]
public class ReviewBenchmarks
{
    private static readonly Injector Engine = RecordedReview.Engine(rules: 1_000);
    private static readonly byte[] Pod = RecordedReview.Read("pod-create.json");

    private readonly ReviewMemo _memo = new(Engine);

    private readonly Dictionary<string, byte[]> _bodies = new(StringComparer.Ordinal)
    {
        ["Pod"] = Pod,
        ["Pod with five annotations"] = RecordedReview.With(Pod, pod =>
        {
            var annotations = pod["metadata"]!["annotations"]!;
            annotations["gitlab-runner/description"] = "x";
            annotations["gitlab-runner/tag-list"] = "a,b";
            annotations["gitlab-runner/docker-image"] = "docker:28";
            annotations["gitlab-runner/limit"] = "3";
            annotations["gitlab-runner/token-secret"] = "mine";
        }),
        ["Pod already injected"] = RecordedReview.Injected(Pod, Engine),
        ["Pod left alone"] = RecordedReview.With(Pod, pod => pod["metadata"]!["labels"] = null),
        ["DaemonSet"] = RecordedReview.Read("daemonset-create.json"),
        ["DaemonSet update"] = RecordedReview.Read("daemonset-update-rollout-restart.json"),
    };

    /// <summary>The kinds of reviews, with a policy of a thousand rules.</summary>
    public IEnumerable<string> Kinds => _bodies.Keys;

    /// <summary>The kind.</summary>
    [ParamsSource(nameof(Kinds))]
    public string Review { get; set; } = "Pod";

    /// <summary>Further pods, and retries.</summary>
    [Benchmark]
    public int Known() => RecordedReview.Answer(_memo, _bodies[Review]);

    /// <summary>The first pod.</summary>
    [Benchmark]
    public int New() => RecordedReview.AnswerAnew(Engine, _bodies[Review]);
}
