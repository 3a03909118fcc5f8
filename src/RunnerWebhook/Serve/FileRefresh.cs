namespace RunnerWebhook.Serve;

/// <summary>Looks at the certificate's and the configuration's files again and again: the content of a mounted Secret
/// or ConfigMap changes without an event that can be relied on.</summary>
internal sealed class FileRefresh(
    ServeOptions options, ServingCertificate certificate, ActiveConfiguration configuration, TimeProvider time)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ReloadInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            certificate.Refresh();
            configuration.Refresh();
        }
    }
}
