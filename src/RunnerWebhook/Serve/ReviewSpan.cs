using System.Diagnostics;
using System.Globalization;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary>The span of one request to <c>/mutate</c>, a child of the API server's if that sends a W3C
/// <c>traceparent</c>. It says what the log says: no object, no patch and no configured value.</summary>
internal sealed class ReviewSpan : IDisposable
{
    /// <summary>The name of the source of these spans.</summary>
    public const string SourceName = WellKnown.Program;

    private static readonly ActivitySource Source = new(SourceName, ProgramVersion.Text);

    private readonly Activity _activity;
    private readonly HttpResponse _response;
    private readonly TimeProvider _time;
    private long _since;

    private ReviewSpan(Activity activity, HttpResponse response, TimeProvider time) =>
        (_activity, _response, _time, _since) = (activity, response, time, time.GetTimestamp());

    /// <summary>Begins the span of a request; null if traces are off, or this one is not sampled.</summary>
    public static ReviewSpan? Start(HttpContext context, TimeProvider time)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // The web server's own activity is not exported: as a parent it would be missing.
        Activity.Current = null;
        var headers = context.Request.Headers;
        var state = TokenText.Mask(headers.TraceState.ToString());
        ActivityContext.TryParse(headers.TraceParent, state, isRemote: true, out var parent);
        var activity = Source.StartActivity($"{context.Request.Method} {MutateEndpoint.Path}", ActivityKind.Server, parent);
        if (activity is null)
        {
            return null;
        }

        activity.SetTag("http.request.method", context.Request.Method);
        activity.SetTag("http.route", MutateEndpoint.Path);
        return new(activity, context.Response, time);
    }

    /// <summary>Notes that a part of the work is done, with its time since the part before.</summary>
    /// <param name="part">The part, as in <c>read</c>.</param>
    public void Done(string part)
    {
        var now = _time.GetTimestamp();
        _activity.SetTag($"runner_webhook.{part}_ms", _time.GetElapsedTime(_since, now).TotalMilliseconds);
        _since = now;
    }

    /// <summary>Notes what is reviewed.</summary>
    public void Describe(AdmissionRequest request, string name)
    {
        _activity.SetTag("admission.uid", ForeignText.Word(request.Uid));
        _activity.SetTag("admission.kind", ForeignText.Word(request.Kind));
        _activity.SetTag("admission.namespace", ForeignText.Word(request.Namespace));
        _activity.SetTag("admission.name", ForeignText.Word(name));
        _activity.SetTag("admission.operation", ForeignText.Word(request.Operation));
        _activity.SetTag("admission.dry_run", request.DryRun);
    }

    /// <summary>Notes the decision.</summary>
    public void Decide(OutcomeCode outcome) => _activity.SetTag("admission.outcome", outcome.Text());

    /// <summary>Ends the span.</summary>
    public void Dispose()
    {
        _activity.SetTag("http.response.status_code", _response.StatusCode);
        var isAborted = _response.HttpContext.RequestAborted.IsCancellationRequested;
        if (isAborted || _response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            _activity.SetTag("error.type", isAborted ? "aborted" : _response.StatusCode.ToString(CultureInfo.InvariantCulture));
            _activity.SetStatus(ActivityStatusCode.Error);
        }

        _activity.Dispose();
    }
}
