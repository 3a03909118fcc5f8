namespace RunnerWebhook.Serve;

/// <summary>Looks at the certificate's and the configuration's files again and again: the content of a mounted Secret
/// or ConfigMap changes without an event that can be relied on.</summary>
internal sealed class FileRefresh(
    ServeOptions options, CertificateFiles certificate, ActiveConfiguration configuration, TimeProvider time,
    ILogger<FileRefresh> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ReloadInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Try(certificate.Refresh);
            Try(configuration.Refresh);
        }
    }

    private void Try(Action refresh)
    {
        try
        {
            refresh();
        }
#pragma warning disable CA1031 // What is in service serves on, whatever is in the files.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.RefreshFailed(logger, e);
        }
    }
}
