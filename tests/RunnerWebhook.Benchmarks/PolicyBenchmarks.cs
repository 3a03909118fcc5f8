using System.Collections.Immutable;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Benchmarks;

/// <summary>
/// A review with a thousand rules, of which the last is the namespace's, against one with that rule alone. What the others
/// cost is less than reviews vary, so the look-up is measured by itself as well, in its worst cases: it has to stay under
/// 20 µs.
/// </summary>
[ShortRunJob]
[MemoryDiagnoser]
public class PolicyBenchmarks
{
    private const int Rules = 1_000;
    private const string Name = "team-platform-eu-west-1-production";

    private static readonly NamespaceMetadata Space = new(
        ImmutableDictionary<string, string>.Empty.Add("kubernetes.io/metadata.name", Name).Add("tier", "999").Add("team", "a"),
        ImmutableDictionary<string, string>.Empty);

    private readonly RecordedReview _review = new("pod-create.json");
    private readonly Injector _one = new(With(1, _ => "*"), "0.0.0");
    private readonly Injector _thousand = new(With(Rules, rule => rule < Rules - 1 ? $"*-x{rule}-*" : "*"), "0.0.0");
    private readonly RunnerConfiguration _names = With(Rules, rule => rule < Rules - 1 ? $"team-{rule}" : Name);
    private readonly RunnerConfiguration _starts = With(Rules, rule => rule < Rules - 1 ? $"team-platform-{rule}-*" : "*");
    private readonly RunnerConfiguration _ends = With(Rules, rule => rule < Rules - 1 ? $"team-*-x{rule}-production" : "*");
    private readonly RunnerConfiguration _middles = With(Rules, rule => rule < Rules - 1 ? $"*-x{rule}-*" : "*");
    private readonly RunnerConfiguration _labels = With(Rules, _ => "*", rule => rule.ToString(CultureInfo.InvariantCulture));

    /// <summary>A review with one rule.</summary>
    [Benchmark(Baseline = true)]
    public byte[] ReviewWithOneRule() => _review.Answer(_one);

    /// <summary>A review with a thousand.</summary>
    [Benchmark]
    public byte[] ReviewWithThousandRules() => _review.Answer(_thousand);

    /// <summary>Rules by name.</summary>
    [Benchmark]
    public PolicyRule? Names() => _names.RuleFor(Name, null);

    /// <summary>Rules by how names begin.</summary>
    [Benchmark]
    public PolicyRule? Starts() => _starts.RuleFor(Name, null);

    /// <summary>Rules by how names begin and end.</summary>
    [Benchmark]
    public PolicyRule? Ends() => _ends.RuleFor(Name, null);

    /// <summary>Rules by what is in names.</summary>
    [Benchmark]
    public PolicyRule? Middles() => _middles.RuleFor(Name, null);

    /// <summary>Rules by label, for all names.</summary>
    [Benchmark]
    public PolicyRule? Labels() => _labels.RuleFor(Name, Space);

    private static RunnerConfiguration With(int count, Func<int, string> glob, Func<int, string>? tier = null) =>
        RecordedReview.Configuration with
        {
            Policy =
            [
                .. Enumerable.Range(0, count).Select(index => new PolicyRule
                {
                    Index = index,
                    Line = index + 1,
                    Namespaces = [glob(index)],
                    NamespaceSelector = tier is null ? null : new([new("tier", LabelOperator.In, [tier(index)])]),
                }),
            ],
        };
}
