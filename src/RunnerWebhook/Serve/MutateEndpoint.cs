using System.Buffers;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Net.Http.Headers;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary><c>POST /mutate</c>: an AdmissionReview in, one out.</summary>
internal sealed class MutateEndpoint(
    ActiveConfiguration configuration, NamespaceDirectory namespaces, WebhookMetrics metrics, Draining draining,
    BodyMemory memory, Turns turns, LargeReviews large, TimeProvider time, ILogger<MutateEndpoint> logger)
{
    public const string Path = "/mutate";

    // Longer answers are rare.
    private const int MaxKeptAnswer = 256 * 1024;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? _answer;

    private volatile ReviewMemo? _memo;

    /// <summary>Answers one request.</summary>
    public async Task Answer(HttpContext context)
    {
        if (draining.IsOn)
        {
            // The client opens a new connection, which the Service leads to another replica.
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        using var span = ReviewSpan.Start(context, time);
        try
        {
            using var body = await RequestBody.Read(context.Request, memory, turns, context.RequestAborted);
            await (body.HasPlace ? AnswerInTurn(context, body, span) : Answer(context, body, span));
        }
        catch (BadHttpRequestException e)
        {
            await Refuse(context, e.StatusCode, e.Message);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client is gone: there is no one to answer. It may not be marked as gone yet, and must not get an empty 200.
            Log.Aborted(logger, e.Message);
            context.Abort();
        }
    }

    /// <summary>Answers a request that is not an AdmissionReview.</summary>
    public async Task Refuse(HttpContext context, int status, string problem)
    {
        var sentence = ForeignText.Sentence(problem);
        metrics.Refused(status);
        Log.Refused(logger, status, sentence);
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync($"runner-webhook: {sentence}\n", context.RequestAborted);
        }
    }

    private Task AnswerInTurn(HttpContext context, RequestBody body, ReviewSpan? span) =>
        large.Run(() => Answer(context, body, span), context.RequestAborted);

    private async Task Answer(HttpContext context, RequestBody body, ReviewSpan? span)
    {
        if (WrongEnvelope(context.Request) is { } wrong)
        {
            await Refuse(context, StatusCodes.Status415UnsupportedMediaType, wrong);
        }
        else if (body.IsTooLong)
        {
            await Refuse(context, StatusCodes.Status413PayloadTooLarge,
                $"the body is longer than {ServerLimits.MaxReviewBytes} bytes; no AdmissionReview is");
        }
        else if (body.IsGivenUp)
        {
            await Refuse(context, StatusCodes.Status503ServiceUnavailable,
                "too many long bodies arrive at once, and this one is not complete yet; try again");
        }
        else if (configuration.Injector is not { } injector)
        {
            await Refuse(context, StatusCodes.Status503ServiceUnavailable,
                "there is no configuration yet: see the log, or /readyz?verbose on the admin port");
        }
        else if (body.HasTooManyValues())
        {
            await Refuse(context, StatusCodes.Status413PayloadTooLarge,
                $"the body has more than {ServerLimits.MaxReviewValues} JSON values; no AdmissionReview does");
        }
        else if (MemoOf(injector).Read(body.Bytes, out var problem) is { } review)
        {
            using var _ = review;
            await Decide(context, review, injector, span);
        }
        else
        {
            await Refuse(context, StatusCodes.Status400BadRequest, problem);
        }
    }

    private static string? WrongEnvelope(HttpRequest request)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            request.HttpContext.Response.Headers.AcceptEncoding = "identity";
            return $"the body is encoded as {encoding}; send it as it is";
        }

        // What the API server sends, without parsing.
        return request.ContentType == MediaTypeNames.Application.Json
            || MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
                && type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
                ? null
                : $"the content type is '{request.ContentType}', but must be {MediaTypeNames.Application.Json}";
    }

    private async Task Decide(HttpContext context, Review review, Injector injector, ReviewSpan? span)
    {
        var start = time.GetTimestamp();
        var request = review.Request;
        ReadOnlyMemory<byte> answer;
        try
        {
            span?.Describe(request, review.Name);
            span?.Done("read");
            var metadata = injector.Configuration.WatchNamespaces
                ? await namespaces.Find(request.Namespace, context.RequestAborted)
                : null;
            span?.Done("namespace");
            var outcome = review.Decide(metadata);
            span?.Decide(outcome.Code);
            span?.Done("decide");
            answer = Write(request.Uid, outcome, injector.Configuration.ReportSuccess);
            span?.Done("write");
            var elapsed = time.GetElapsedTime(start);
            metrics.Reviewed(outcome.Code, request.Kind, elapsed);
            Log.Reviewed(logger, outcome.Code.Text(), ForeignText.Word(request.Kind), ForeignText.Word(request.Namespace),
                ForeignText.Word(review.Name), ForeignText.Word(request.Operation), ForeignText.Word(request.Uid),
                elapsed.TotalMilliseconds, ForeignText.Sentence(outcome.Sentence));
        }
#pragma warning disable CA1031 // Whatever fails, the API server's failure policy decides, and the log reports it.
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            var uid = ForeignText.Word(request.Uid);
            Log.Failed(logger, uid, e);
            await Refuse(context, StatusCodes.Status500InternalServerError,
                $"request {uid} failed: this is a bug in runner-webhook; its log has more under this uid");
            return;
        }

        context.Response.ContentType = MediaTypeNames.Application.Json;
        context.Response.ContentLength = answer.Length;
        context.Features.Get<ConnectionSeat>()?.Prove();
        // Kestrel sends it with the end of the stream, in one piece: no flush here.
        context.Response.BodyWriter.Write(answer.Span);
    }

    // Into a buffer of this thread: it is good until the thread writes the next answer.
    private static ReadOnlyMemory<byte> Write(string uid, InjectionOutcome outcome, SuccessReport report)
    {
        var (buffer, json) = _answer is { } known && known.Buffer.Capacity <= MaxKeptAnswer ? known : NewAnswer();
        buffer.ResetWrittenCount();
        json.Reset();
        AdmissionResponseWriter.Write(json, uid, outcome, report);
        return buffer.WrittenMemory;
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) NewAnswer()
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        var answer = (buffer, new Utf8JsonWriter(buffer));
        _answer = answer;
        return answer;
    }

    // A new configuration begins a new memo.
    private ReviewMemo MemoOf(Injector injector) =>
        _memo is { } memo && memo.Injector == injector ? memo : _memo = new(injector);
}
