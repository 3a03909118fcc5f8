using RunnerWebhook.Kubernetes;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Certificates;

/// <summary>
/// Maintains the certificate in the cluster, periodically and never on the request path: reads what the API server trusts
/// and, with self-managed certificates, reads the Secret, writes what is due, sets the live <c>caBundle</c>, and offers the
/// Secret's certificate to <see cref="ServingCertificate"/>.
/// </summary>
internal sealed class CertificateUpkeep(
    CertificateOptions options, ClusterChoice cluster, ServingCertificate certificate, WebhookTrust trust,
    CaBundleReadiness readiness, TimeProvider time, ILogger<CertificateUpkeep> logger) : BackgroundService
{
    // Retry on conflict; more than MaxRaces in a row is a bug, not contention.
    private const int MaxRaces = 5;

    /// <summary>Why the last pass failed; null if it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>When the newest self-managed CA expires; null without one.</summary>
    public DateTimeOffset? AuthorityNotAfter { get; private set; }

    /// <summary>One pass.</summary>
    /// <returns>The right that it went on without; null for none.</returns>
    /// <exception cref="ApiException">The API server cannot be reached, or refuses.</exception>
    public async Task<ApiException?> Look(ApiClient client, CancellationToken cancellation)
    {
        for (var race = 1; ; race++)
        {
            try
            {
                return await LookOnce(client, cancellation);
            }
            catch (ApiException e) when (e.Problem == ApiProblem.Conflict && race < MaxRaces)
            {
                // Another replica has written first: read again.
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.WebhookConfiguration is null)
        {
            return;
        }

        ApiClient? client = null;
        try
        {
            while (true)
            {
                try
                {
                    client ??= Open();
                    Report(await Look(client, stoppingToken));
                }
                catch (ApiException e)
                {
                    Report(e);
                    // The token or the API server's CA may have changed: read them again.
                    client?.Dispose();
                    client = null;
                }
#pragma warning disable CA1031 // After any failure the certificate in service is served on.
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    Problem = e.Message;
                    Log.UpkeepBroke(logger, e);
                }

                await certificate.NewOffer(Pause, stoppingToken);
            }
        }
        finally
        {
            client?.Dispose();
        }
    }

    private TimeSpan Pause => certificate.Current is null || certificate.Waits is not null || readiness.Matches is false
        ? options.UrgentInterval < options.UpkeepInterval ? options.UrgentInterval : options.UpkeepInterval
        : options.UpkeepInterval;

    // The caBundle is read before the Secret: a replica with an old view of the Secret then has an old view of the
    // caBundle too, and the API server refuses its write.
    private async Task<ApiException?> LookOnce(ApiClient client, CancellationToken cancellation)
    {
        var lacking = await WithoutRight(() => trust.Look(client, cancellation));
        if (options.SelfManaged is not { } own)
        {
            certificate.Choose();
            return lacking;
        }

        var secret = await CertificateSecret.Read(client, own.SecretName, cancellation);
        var stored = secret.Stored;
        string[] names = [.. ServiceNames.Of(own.Service, client.Namespace), .. own.ExtraHosts];
        var now = time.GetUtcNow();
        var plan = CertificatePlan.Decide(stored, trust.Live, names, own.Terms, now);
        if (plan.Action != CertificateAction.Keep)
        {
            stored = plan.CarryOut(stored, trust.Live, names, own.Terms, now);
            await secret.Write(client, stored, cancellation);
            Log.CertificatesWritten(logger, plan.Action.ToString(), own.SecretName, plan.Reason);
        }

        AuthorityNotAfter = stored.Authority!.NotAfter;
        lacking ??= await WithoutRight(() => trust.Repair(client, stored.Trusted, cancellation));
        certificate.Offer(stored.Serving!.Pair, $"Secret {client.Namespace}/{own.SecretName}");
        return lacking;
    }

    // Without the right to the MutatingWebhookConfiguration the Secret is still maintained; someone else has to maintain
    // the caBundle.
    private static async Task<ApiException?> WithoutRight(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (ApiException e) when (e.Problem == ApiProblem.Forbidden)
        {
            return e;
        }
    }

    private ApiClient Open()
    {
        try
        {
            return ClusterConnection.Open(cluster, Environment.GetEnvironmentVariable);
        }
        catch (ApiException e)
        {
            trust.LookFailed(e);
            throw;
        }
    }

    private void Report(ApiException? e)
    {
        if (e is null || e.Message == Problem)
        {
            Problem = e?.Message;
            return;
        }

        Problem = e.Message;
        if (options.SelfManaged is not null && certificate.Current is null)
        {
            certificate.Reject(e.Message);
        }
        else
        {
            Log.UpkeepFailed(logger, e.Message);
        }
    }
}
