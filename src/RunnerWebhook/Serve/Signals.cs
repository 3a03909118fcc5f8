using System.Runtime.InteropServices;

namespace RunnerWebhook.Serve;

/// <summary>Stops the server on a signal. A start comes to its end first: broken off, it would look like a failure.</summary>
internal sealed class Signals(IHostApplicationLifetime lifetime) : IHostLifetime, IDisposable
{
    private static readonly PosixSignal[] Ends =
        [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];

    private readonly List<PosixSignalRegistration> _registrations = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _registrations.AddRange(Ends.Select(signal => PosixSignalRegistration.Create(signal, Stop)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        // At once if it has started.
        lifetime.ApplicationStarted.Register(lifetime.StopApplication);
    }
}
