using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Fuzz.Targets;

internal static class ReviewTarget
{
    // They remember the inputs before this one.
    private static readonly ImmutableArray<ReviewMemo> Memos = [.. Engines.All.Select(injector => new ReviewMemo(injector))];

    public static void Check(byte[] input)
    {
        using var request = AdmissionReviewReader.Read(input, out var problem);
        Promise.Holds(request is null == problem.Length > 0, $"request: {request is not null}, problem: '{problem}'");
        if (request is null)
        {
            return;
        }

        var index = Engines.IndexFor(input);
        var injector = Engines.All[index];
        var outcome = AdmissionReviewer.Review(request, injector, null);
        var answer = AdmissionResponseWriter.Write(request.Uid, outcome, SuccessReport.Warning);
        var fresh = new ReviewMemo(injector);
        foreach (var memo in new[] { fresh, fresh, Memos[index] })
        {
            using var review = memo.Read(input, out _)!;
            var again = AdmissionResponseWriter.Write(review.Request.Uid, review.Decide(null), SuccessReport.Warning);
            Promise.Holds(answer.AsSpan().SequenceEqual(again),
                $"two answers:\n{Encoding.UTF8.GetString(answer)}\n{Encoding.UTF8.GetString(again)}");
        }

        var response = JsonElement.Parse(answer).GetProperty("response");
        CheckAnswer(request, outcome, response);
        if (response.TryGetProperty("patch", out var patch))
        {
            CheckPatched(request, outcome, Engines.Apply(request.Object!.Value, patch.GetBytesFromBase64()), index);
        }
    }

    private static void CheckAnswer(AdmissionRequest request, InjectionOutcome outcome, JsonElement response)
    {
        Promise.Holds(response.GetProperty("uid").GetString() == request.Uid, $"another uid: {response}");
        Promise.Holds(response.GetProperty("allowed").GetBoolean() != outcome.IsDenied, $"{outcome.Code}: {response}");
        Promise.Holds(response.TryGetProperty("patch", out _) == !outcome.Patch.IsEmpty, $"{outcome.Code}: {response}");
        foreach (var warning in response.TryGetProperty("warnings", out var warnings) ? warnings.EnumerateArray() : default)
        {
            Promise.Holds(warning.GetString() is { Length: <= AdmissionResponseWriter.MaxWarningLength } text
                && !text.Contains('\n', StringComparison.Ordinal), $"not a warning: {warning}");
        }

        foreach (var sentence in Engines.Sentences(outcome))
        {
            Promise.Holds(!sentence.Contains(Engines.Token, StringComparison.Ordinal), $"shows the token: {sentence}");
        }
    }

    private static void CheckPatched(AdmissionRequest request, InjectionOutcome outcome, JsonElement patched, int index)
    {
        var next = new AdmissionRequest
        {
            Uid = request.Uid,
            ApiVersion = request.ApiVersion,
            Kind = request.Kind,
            Operation = request.Operation,
            SubResource = "",
            Namespace = request.Namespace,
            Name = request.Name,
            Object = patched,
            OldObject = request.Operation == "UPDATE" ? patched : null,
        };
        var second = AdmissionReviewer.Review(next, Engines.All[index], null);
        Promise.Holds(second.Patch.IsEmpty && !second.IsDenied,
            $"after {outcome.Code} comes {second.Code}: {second.Sentence}\n{patched}");
    }
}
