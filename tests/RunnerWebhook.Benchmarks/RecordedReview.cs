using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Benchmarks;

/// <summary>Reviews as an API server sent them, or made of these, answered from bytes to bytes.</summary>
internal static class RecordedReview
{
    private static readonly ArrayBufferWriter<byte> Answers = new(64 * 1024);
    private static readonly Utf8JsonWriter Writer = new(Answers);

    /// <summary>The settings that are needed to inject, and as many rules, of which the last is the namespace's.</summary>
    public static Injector Engine(int rules = 0)
    {
        var profile = RunnerConfiguration.BuiltIn.Default;
        var register = profile.Register.Add("url", ["https://gitlab.example.com/"]).Add("docker-image", ["docker:27"]);
        return new(new(ImmutableDictionary<string, RunnerProfile>.Empty.Add(profile.Name, profile with { Register = register }))
        {
            Policy = rules == 0 ? null : [.. Enumerable.Range(0, rules).Select(index => new PolicyRule
            {
                Index = index,
                Line = index + 1,
                Namespaces = [index < rules - 1 ? $"team-{index}-*" : "*"],
            })],
        }, "0.0.0");
    }

    /// <summary>A recorded review.</summary>
    public static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "reviews", file));

    /// <summary>A review whose object is changed.</summary>
    public static byte[] With(byte[] review, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(review)!;
        change(node["request"]!["object"]!);
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    /// <summary>The review of an object as an engine has injected it.</summary>
    public static byte[] Injected(byte[] review, Injector engine)
    {
        using var request = AdmissionReviewReader.Read(review, out _)!;
        var outcome = AdmissionReviewer.Review(request, engine, metadata: null);
        return With(review, pod => JsonPatch.Apply(pod, outcome.Patch));
    }

    /// <summary>Answers a review as the server does.</summary>
    /// <returns>The length of the answer.</returns>
    public static int Answer(ReviewMemo memo, byte[] body)
    {
        using var review = memo.Read(body, out _)!;
        return Write(review.Request.Uid, review.Decide(metadata: null));
    }

    /// <summary>Answers a review of an object that was never seen before.</summary>
    /// <returns>The length of the answer.</returns>
    public static int AnswerAnew(Injector engine, byte[] body)
    {
        using var request = AdmissionReviewReader.Read(body, out _)!;
        return Write(request.Uid, AdmissionReviewer.Review(request, engine, metadata: null));
    }

    private static int Write(string uid, Core.Outcomes.InjectionOutcome outcome)
    {
        Answers.ResetWrittenCount();
        Writer.Reset();
        AdmissionResponseWriter.Write(Writer, uid, outcome, default);
        return Answers.WrittenCount;
    }
}
