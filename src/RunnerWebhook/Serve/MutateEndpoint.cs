using System.Net.Mime;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Net.Http.Headers;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;

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
            // The client is to take a new connection, which the Service leads to another replica.
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        using var span = ReviewSpan.Start(context, time);
        var body = await RequestBody.Read(context.Request, context.RequestAborted);
        if (WrongEnvelope(context.Request) is { } wrong)
        {
            await Refuse(context, StatusCodes.Status415UnsupportedMediaType, wrong);
        }
        else if (body is not { } bytes)
        {
            await Refuse(context, StatusCodes.Status413PayloadTooLarge,
                $"the body is longer than {RequestBody.MaxBytes} bytes; no AdmissionReview is");
        }
        else if (configuration.Injector is not { } injector)
        {
            await Refuse(context, StatusCodes.Status503ServiceUnavailable,
                "there is no configuration yet: see the log, or /readyz?verbose on the admin port");
        }
        else if (AdmissionReviewReader.Read(bytes, out var problem) is { } request)
        {
            using var _ = request;
            await Review(context, request, injector, span);
        }
        else
        {
            await Refuse(context, StatusCodes.Status400BadRequest, problem);
        }
    }

    /// <summary>Answers a request that is no AdmissionReview at all.</summary>
    public async Task Refuse(HttpContext context, int status, string problem)
    {
        metrics.Refused(status);
        Log.Refused(logger, status, problem);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync($"runner-webhook: {problem}\n", context.RequestAborted);
    }

    private static string? WrongEnvelope(HttpRequest request)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            request.HttpContext.Response.Headers.AcceptEncoding = "identity";
            return $"the body is encoded as {encoding}; send it as it is";
        }

        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
                ? null
                : $"the content type is '{request.ContentType}', but must be {MediaTypeNames.Application.Json}";
    }

    private async Task Review(HttpContext context, AdmissionRequest request, Injector injector, ReviewSpan? span)
    {
        var start = time.GetTimestamp();
        byte[] answer;
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
            answer = AdmissionResponseWriter.Write(request.Uid, outcome);
            span?.Done("write");
            var elapsed = time.GetElapsedTime(start);
            metrics.Reviewed(outcome.Code, request.Kind, elapsed);
            Log.Reviewed(logger, outcome.Code.Text(), request.Kind, request.Namespace, name,
                request.Operation, request.Uid, elapsed.TotalMilliseconds);
        }
#pragma warning disable CA1031 // Whatever the fault is, the API server's failure policy has to decide, and the log to tell.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.Failed(logger, request.Uid, e);
            await Refuse(context, StatusCodes.Status500InternalServerError,
                $"request {request.Uid} met a fault of runner-webhook; its log tells more under this uid");
            return;
        }

        context.Response.ContentType = MediaTypeNames.Application.Json;
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private static string DisplayName(AdmissionRequest request) =>
        request.Name.Length > 0 || request.Object is not { } json ? request.Name : WorkloadReader.DisplayNameOf(json);
}
