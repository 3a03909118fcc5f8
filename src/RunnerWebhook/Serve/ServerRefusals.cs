using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary>Counts and logs what the web server refuses by itself, before any endpoint: what is not HTTP, and what exceeds
/// its limits.</summary>
internal sealed class ServerRefusals(DiagnosticListener server, WebhookMetrics metrics, ILogger<ServerRefusals> logger)
    : IHostedService, IObserver<KeyValuePair<string, object?>>
{
    private const string Refusal = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = server.Subscribe(this, name => name == Refusal);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // An endpoint that has answered has also counted.
        if (value.Value is IFeatureCollection features && features.Get<IHttpResponseFeature>() is not { HasStarted: true }
            && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException e)
        {
            metrics.Refused(e.StatusCode);
            Log.Refused(logger, e.StatusCode, ForeignText.Sentence(e.Message));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
