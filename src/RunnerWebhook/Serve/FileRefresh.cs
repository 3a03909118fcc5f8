using RunnerWebhook.Certificates;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary>Reads the files of certificates and of the configuration before the server listens, and periodically from then
/// on: the content of a mounted Secret or ConfigMap changes without a reliable event.</summary>
internal sealed class FileRefresh(
    ServeOptions options, CertificateFiles certificate, ClientAuthorities clients, ConfigurationReload configuration,
    TimeProvider time, ILogger<FileRefresh> logger)
    : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Refresh();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ReloadInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Refresh();
        }
    }

    private void Refresh()
    {
        Try(certificate.Refresh);
        Try(clients.Refresh);
        Try(configuration.Refresh);
    }

    private void Try(Action refresh)
    {
        try
        {
            refresh();
        }
#pragma warning disable CA1031 // What is in service stays in service if a file can't be used.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.RefreshFailed(logger, e);
        }
    }
}
