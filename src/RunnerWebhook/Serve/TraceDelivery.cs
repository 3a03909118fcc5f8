using System.Globalization;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary>Where traces go. The log reports it as the server starts, then once when they can't be delivered and once
/// when they can again; spans that can't be delivered are dropped.</summary>
/// <param name="endpoint">The receiver, as it is shown.</param>
/// <param name="problem">Why there are no traces; null if there are.</param>
/// <param name="logger">The log.</param>
internal sealed class TraceDelivery(string? endpoint, string? problem, ILogger<TraceDelivery> logger) : IHostedService
{
    private volatile bool _isFailing;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (problem is not null)
        {
            Log.TracesOff(logger, problem);
        }
        else
        {
            Log.TracesSent(logger, endpoint!);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A client for the exporter.</summary>
    /// <param name="timeout">The longest time of a delivery, in milliseconds.</param>
    public HttpClient NewClient(int timeout) =>
        new(new Observer(this) { InnerHandler = new SocketsHttpHandler() }) { Timeout = TimeSpan.FromMilliseconds(timeout) };

    private void Note(string? problem)
    {
        var (before, now) = (_isFailing, problem is not null);
        _isFailing = now;
        if (now && !before)
        {
            Log.TracesLost(logger, endpoint!, problem!);
        }
        else if (before && !now)
        {
            Log.TracesResumed(logger, endpoint!);
        }
    }

    private sealed class Observer(TraceDelivery delivery) : DelegatingHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return Note(base.Send(request, cancellationToken));
            }
            catch (Exception e)
            {
                delivery.Note(e.Message);
                throw;
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return Note(await base.SendAsync(request, cancellationToken));
            }
            catch (Exception e)
            {
                delivery.Note(e.Message);
                throw;
            }
        }

        private HttpResponseMessage Note(HttpResponseMessage response)
        {
            delivery.Note(response.IsSuccessStatusCode ? null
                : string.Create(CultureInfo.InvariantCulture, $"it answers {(int)response.StatusCode}"));
            return response;
        }
    }
}
