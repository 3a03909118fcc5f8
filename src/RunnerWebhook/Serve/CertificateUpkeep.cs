using RunnerWebhook.Certificates;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Serve;

/// <summary>
/// Looks after the certificate in the cluster, again and again, and never in the path of a request: reads what the API
/// server trusts and, where the server makes its own certificates, reads the Secret, writes what is due, sets the live
/// <c>caBundle</c>, and takes the Secret's certificate into service.
/// </summary>
internal sealed class CertificateUpkeep(
    ServeOptions options, ServingCertificate certificate, WebhookTrust trust, ClusterRelease release, TimeProvider time,
    ILogger<CertificateUpkeep> logger) : BackgroundService
{
    // Losers of a race read anew at once; more than a few in a row would be something else than a race.
    private const int MaxRaces = 5;

    private HeldPair? _inService;
    private (string Authority, DateTimeOffset Since)? _trusted;

    /// <summary>What kept the last look from its end; null for nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>When the newest CA expires; null where none is ours.</summary>
    public DateTimeOffset? AuthorityNotAfter { get; private set; }

    /// <summary>One look at everything.</summary>
    /// <returns>What it went on without; null for nothing.</returns>
    /// <exception cref="ApiException">The API server can't be asked, or refuses.</exception>
    public async Task<ApiException?> Look(KubernetesClient client, CancellationToken cancellation)
    {
        for (var race = 1; ; race++)
        {
            try
            {
                return await LookOnce(client, cancellation);
            }
            catch (ApiException e) when (e.Problem == ApiProblem.Conflict && race < MaxRaces)
            {
                // Another replica was quicker.
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.WebhookConfiguration is null)
        {
            return;
        }

        KubernetesClient? client = null;
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
                    // The token, or the API server's CA, may be another by now.
                    client?.Dispose();
                    client = null;
                }
#pragma warning disable CA1031 // What is in service serves on, whatever it is.
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    Problem = e.Message;
                    Log.RefreshFailed(logger, e);
                }

                await Task.Delay(certificate.Current is null ? options.UpkeepInterval / 5 : options.UpkeepInterval, time,
                    stoppingToken);
            }
        }
        finally
        {
            client?.Dispose();
        }
    }

    // What the API server trusts is read before the Secret. So a replica that has an old view of the Secret has an old
    // view of the caBundle too, and its write of that is refused.
    private async Task<ApiException?> LookOnce(KubernetesClient client, CancellationToken cancellation)
    {
        await release.Look(client, cancellation);
        var lacking = await WithoutRight(() => trust.Look(client, cancellation));
        if (options.SelfManaged is not { } own)
        {
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
            Log.CertificatesWritten(logger, plan.Action, own.SecretName, plan.Reason);
        }

        AuthorityNotAfter = stored.Authority!.NotAfter;
        lacking ??= await WithoutRight(() => trust.Repair(client, stored.Trusted, cancellation));
        Serve(stored, own.Terms.Settle);
        return lacking;
    }

    // The Secret can be kept without a right to the MutatingWebhookConfiguration: whoever took it away looks after the
    // caBundle.
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

    private KubernetesClient Open()
    {
        try
        {
            return ClusterConnection.Open(options.Cluster ?? new(), Environment.GetEnvironmentVariable);
        }
        catch (ApiException e)
        {
            trust.LookFailed(e);
            throw;
        }
    }

    private void Serve(StoredCertificates stored, TimeSpan settle)
    {
        var (now, live, authority) = (time.GetUtcNow(), trust.Live, stored.Authority!.Certificate);
        _trusted = live?.Trusts(authority) is not true ? null
            : _trusted?.Authority == authority.Thumbprint ? _trusted : (authority.Thumbprint, now);
        if (ServingChoice.Takes(_inService, stored.Serving!, live, _trusted?.Since, settle, now))
        {
            certificate.Serve(stored.Serving!.Pair);
            _inService = stored.Serving;
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
