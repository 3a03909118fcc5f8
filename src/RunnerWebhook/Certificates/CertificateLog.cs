namespace RunnerWebhook.Certificates;

/// <summary>Every line that is logged about certificates. None contains a key.</summary>
internal static partial class CertificateLog
{
    [LoggerMessage(20, LogLevel.Information, "certificate loaded: {Names}, valid until {NotAfter:u}")]
    public static partial void Loaded(ILogger logger, string names, DateTime notAfter);

    [LoggerMessage(21, LogLevel.Error, "certificate not loaded, the current one stays in service: {Problem}")]
    public static partial void Rejected(ILogger logger, string problem);

    [LoggerMessage(22, LogLevel.Warning, "NO CERTIFICATE GIVEN: serving a throw-away certificate for localhost. "
        + "No API server trusts it. Use --tls-cert and --tls-key in a cluster.")]
    public static partial void ThrownAway(ILogger logger);

    [LoggerMessage(28, LogLevel.Error, "no certificate yet, TLS connections fail until there is one: {Problem}")]
    public static partial void Awaited(ILogger logger, string problem);

    [LoggerMessage(29, LogLevel.Warning,
        "certificate {Names} is not served yet, the current one, valid until {NotAfter:u}, stays in service: {Reason}")]
    public static partial void Waits(ILogger logger, string names, DateTime notAfter, string reason);

    [LoggerMessage(40, LogLevel.Information, "{Action}: wrote new certificates to Secret {Secret}: {Reason}")]
    public static partial void Written(ILogger logger, CertificateAction action, string secret, string reason);

    [LoggerMessage(41, LogLevel.Information,
        "set caBundle of MutatingWebhookConfiguration {Configuration} to {Count} certificates")]
    public static partial void CaBundleSet(ILogger logger, string configuration, int count);

    [LoggerMessage(42, LogLevel.Warning, "the certificates in the cluster cannot be maintained now: {Problem}")]
    public static partial void UpkeepFailed(ILogger logger, string problem);

    [LoggerMessage(43, LogLevel.Error, "maintaining certificates failed: this is a bug in runner-webhook")]
    public static partial void UpkeepBroke(ILogger logger, Exception exception);
}
