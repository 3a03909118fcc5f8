using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Benchmarks;

/// <summary>A review as an API server sent it, answered from bytes to bytes.</summary>
internal sealed class RecordedReview(string file)
{
    /// <summary>What is needed to inject, and no more.</summary>
    public static RunnerConfiguration Configuration { get; } = Create();

    public byte[] Bytes { get; } = Read(file);

    public byte[] Answer(Injector injector, NamespaceMetadata? space = null)
    {
        using var request = AdmissionReviewReader.Read(Bytes, out _)!;
        return AdmissionResponseWriter.Write(request.Uid, AdmissionReviewer.Review(request, injector, space), default);
    }

    private static RunnerConfiguration Create()
    {
        var profile = RunnerConfiguration.BuiltIn.Default;
        var register = profile.Register.Add("url", ["https://gitlab.example.com/"]).Add("docker-image", ["docker:27"]);
        return new(ImmutableDictionary<string, RunnerProfile>.Empty.Add(profile.Name, profile with { Register = register }));
    }

    private static byte[] Read(string file, [CallerFilePath] string thisFile = "") => File.ReadAllBytes(
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "admission-reviews", "v1.36.2", file));
}
