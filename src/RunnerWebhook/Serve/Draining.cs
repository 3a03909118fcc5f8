using RunnerWebhook.Health;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary>
/// Stops without a failed call: on SIGTERM readiness ends at once, but requests are still served until Kubernetes has
/// removed this replica from its Service. Only then does the server stop.
/// </summary>
internal sealed class Draining(ServeOptions options, ILogger<Draining> logger, TimeProvider time)
    : IHostedLifecycleService, IReadinessCheck
{
    /// <summary>Whether the server is about to stop.</summary>
    public bool IsOn { get; private set; }

    public string Name => "serving";

    public Readiness Judge() => new(!IsOn, IsOn ? "stopping" : "taking requests");

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        IsOn = true;
        Log.Draining(logger, options.Drain.TotalSeconds);
        await Task.Delay(options.Drain, time, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
