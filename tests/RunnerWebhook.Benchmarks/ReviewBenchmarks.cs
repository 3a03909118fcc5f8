using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using RunnerWebhook.Core;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Benchmarks;

/// <summary>
/// One review from bytes to bytes, against the cost of merely parsing it: the ratios compare within one run, and hold on
/// any machine.
/// </summary>
[ShortRunJob]
[MemoryDiagnoser]
public class ReviewBenchmarks
{
    private readonly byte[] _pod = Recorded("pod-create.json");
    private readonly byte[] _daemonSet = Recorded("daemonset-create.json");
    private readonly byte[] _restart = Recorded("daemonset-update-rollout-restart.json");
    private readonly Injector _injector = new(Configuration(), "0.0.0");

    /// <summary>Parsing alone.</summary>
    [Benchmark(Baseline = true)]
    public JsonElement ParseOnly() => JsonElement.Parse(_pod);

    /// <summary>A Pod that is injected.</summary>
    [Benchmark]
    public byte[] InjectPod() => Review(_pod);

    /// <summary>A DaemonSet that is injected.</summary>
    [Benchmark]
    public byte[] InjectDaemonSet() => Review(_daemonSet);

    /// <summary>An update of a DaemonSet, which brings two objects.</summary>
    [Benchmark]
    public byte[] UpdateDaemonSet() => Review(_restart);

    private byte[] Review(byte[] body)
    {
        var request = AdmissionReviewReader.Read(body, out _)!;
        return AdmissionResponseWriter.Write(request.Uid, AdmissionReviewer.Review(request, _injector, null));
    }

    private static RunnerConfiguration Configuration()
    {
        var profile = RunnerConfiguration.BuiltIn.Default;
        var register = profile.Register.Add("url", ["https://gitlab.example.com/"]).Add("docker-image", ["docker:27"]);
        return new(ImmutableDictionary<string, RunnerProfile>.Empty.Add(profile.Name, profile with { Register = register }));
    }

    private static byte[] Recorded(string file, [CallerFilePath] string thisFile = "") => File.ReadAllBytes(
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "admission-reviews", "v1.36.2", file));
}
