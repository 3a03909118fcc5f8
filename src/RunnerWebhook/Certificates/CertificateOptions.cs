namespace RunnerWebhook.Certificates;

/// <summary>Where the serving certificate comes from, and what has to trust it.</summary>
internal sealed record CertificateOptions
{
    /// <summary>The certificate and its intermediates, PEM; null without files.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The certificate's private key, PEM.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The CAs whose client certificates may call the webhook, PEM; null if everyone may.</summary>
    public string? ClientAuthorityFile { get; init; }

    /// <summary>How the server makes its own certificates; null if it does not.</summary>
    public SelfManagedOptions? SelfManaged { get; init; }

    /// <summary>The MutatingWebhookConfiguration whose <c>caBundle</c> has to trust the certificate; null for
    /// none.</summary>
    public string? WebhookConfiguration { get; init; }

    /// <summary>How often the cluster is read while all is well.</summary>
    public TimeSpan UpkeepInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the cluster is read while a certificate is missing, waiting or refused. A shorter pause would
    /// bring little: the kubelet probes readiness every two seconds.</summary>
    public TimeSpan UrgentInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the live <c>caBundle</c> must have been as it is before a certificate that needs it replaces one
    /// that is still trusted: every API server has to read the new bundle first, which takes well under a second.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(3);
}
