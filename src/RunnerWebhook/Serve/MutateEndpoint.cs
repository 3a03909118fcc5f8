using System.Buffers;
using System.Net.Mime;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Net.Http.Headers;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary><c>POST /mutate</c>: an AdmissionReview in, one out.</summary>
internal sealed class MutateEndpoint(
    ActiveConfiguration configuration, NamespaceDirectory namespaces, WebhookMetrics metrics, Draining draining,
    TimeProvider time, ILogger<MutateEndpoint> logger)
{
    public const string Path = "/mutate";

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
            using var body = await RequestBody.Read(context.Request, context.RequestAborted);
            await Answer(context, body, span);
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

    private async Task Answer(HttpContext context, RequestBody body, ReviewSpan? span)
    {
        if (WrongEnvelope(context.Request) is { } wrong)
        {
            await Refuse(context, StatusCodes.Status415UnsupportedMediaType, wrong);
        }
        else if (body.IsTooLong)
        {
            await Refuse(context, StatusCodes.Status413PayloadTooLarge,
                $"the body is longer than {RequestBody.MaxBytes} bytes; no AdmissionReview is");
        }
        else if (configuration.Injector is not { } injector)
        {
            await Refuse(context, StatusCodes.Status503ServiceUnavailable,
                "there is no configuration yet: see the log, or /readyz?verbose on the admin port");
        }
        else if (AdmissionReviewReader.Read(body.Bytes, out var problem) is { } request)
        {
            using var _ = request;
            await Review(context, request, injector, span);
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

    private async Task Review(HttpContext context, AdmissionRequest request, Injector injector, ReviewSpan? span)
    {
        var start = time.GetTimestamp();
        var answer = new ArrayBufferWriter<byte>();
        try
        {
            var name = DisplayName(request);
            span?.Describe(request, name);
            span?.Done("read");
            var space = injector.Configuration.WatchNamespaces
                ? await namespaces.Find(request.Namespace, context.RequestAborted)
                : null;
            span?.Done("namespace");
            var outcome = AdmissionReviewer.Review(request, injector, space);
            span?.Decide(outcome.Code);
            span?.Done("decide");
            AdmissionResponseWriter.Write(answer, request.Uid, outcome, injector.Configuration.ReportSuccess);
            span?.Done("write");
            var elapsed = time.GetElapsedTime(start);
            metrics.Reviewed(outcome.Code, request.Kind, elapsed);
            Log.Reviewed(logger, outcome.Code.Text(), ForeignText.Word(request.Kind), ForeignText.Word(request.Namespace),
                ForeignText.Word(name), ForeignText.Word(request.Operation), ForeignText.Word(request.Uid),
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
        context.Response.ContentLength = answer.WrittenCount;
        // Kestrel sends it with the end of the stream, in one piece: no flush here.
        context.Response.BodyWriter.Write(answer.WrittenSpan);
    }

    private static string DisplayName(AdmissionRequest request) =>
        request.Name.Length > 0 || request.Object is not { } json ? request.Name : WorkloadReader.DisplayNameOf(json);
}
