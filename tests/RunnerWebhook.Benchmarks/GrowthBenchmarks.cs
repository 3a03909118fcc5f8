using BenchmarkDotNet.Attributes;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Injection;

namespace RunnerWebhook.Benchmarks;

/// <summary>What a review costs with the size of its object.</summary>
[ShortRunJob]
[MemoryDiagnoser]
public class SizeBenchmarks
{
    private readonly Injector _engine = RecordedReview.Engine();
    private byte[] _body = [];

    /// <summary>The size of the review, in kilobytes.</summary>
    [Params(4, 16, 64, 256, 1024, 1536)]
    public int Kilobytes { get; set; }

    /// <summary>Makes the review.</summary>
    [GlobalSetup]
    public void Prepare() => _body = RecordedReview.OfSize(RecordedReview.Read("pod-create.json"), Kilobytes * 1024);

    /// <summary>A Pod never seen before.</summary>
    [Benchmark]
    public int New() => RecordedReview.AnswerAnew(_engine, _body);
}

/// <summary>What a review costs with the number of rules.</summary>
[ShortRunJob]
[MemoryDiagnoser]
public class RuleBenchmarks
{
    private static readonly byte[] Pod = RecordedReview.Read("pod-create.json");

    private Injector _engine = RecordedReview.Engine();
    private ReviewMemo? _memo;

    /// <summary>The number of rules; the last is the namespace's.</summary>
    [Params(1, 10, 100, 1_000, 10_000)]
    public int Rules { get; set; }

    /// <summary>Makes the engine.</summary>
    [GlobalSetup]
    public void Prepare() => _memo = new(_engine = RecordedReview.Engine(Rules));

    /// <summary>A Pod like one before.</summary>
    [Benchmark]
    public int Known() => RecordedReview.Answer(_memo!, Pod);

    /// <summary>A Pod never seen before.</summary>
    [Benchmark]
    public int New() => RecordedReview.AnswerAnew(_engine, Pod);
}
