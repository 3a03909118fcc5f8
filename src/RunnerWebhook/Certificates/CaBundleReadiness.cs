using RunnerWebhook.Health;

namespace RunnerWebhook.Certificates;

/// <summary>The API server trusts the certificate in service.</summary>
internal sealed class CaBundleReadiness(
    CertificateOptions options, WebhookTrust trust, ServingCertificate certificate, TimeProvider time) : IReadinessCheck
{
    /// <summary>The state of a replica that the API server can call.</summary>
    public const string Trusted = "trusts the certificate in service";

    public string Name => "ca-bundle";

    /// <summary>Whether every webhook trusts the certificate in service; null if that is not known.</summary>
    public bool? Matches => Refusing() is { } refusing ? refusing.Length == 0 : null;

    public Readiness? Judge() => options.WebhookConfiguration is null ? null
        : !trust.IsLookedAt ? new(false, "not read yet")
        : Refusing() is not { } refusing ? new(true, "not known", trust.Problem)
        : refusing.Length == 0 ? new(true, Trusted, trust.Problem)
        : new(false, $"{string.Join(", ", refusing)} of {options.WebhookConfiguration} would refuse the certificate in "
            + (IsEmpty ? "service: there is no caBundle yet" : "service"), trust.Problem);

    private bool IsEmpty => trust.Live is { } live && live.Webhooks.All(webhook => webhook.Trusted.Certificates.Count == 0);

    private string[]? Refusing()
    {
        if (trust.Live is not { Webhooks.Length: > 0 } live || certificate.InService is not { } pair)
        {
            return null;
        }

        // If this machine's clock was set back, the certificate is still valid by the API server's clock.
        DateTimeOffset now = time.GetUtcNow(), from = pair.Certificate.NotBefore;
        return [.. live.Refusing(pair.Certificate, pair.Intermediates, now < from ? from : now)];
    }
}
