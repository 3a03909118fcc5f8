using RunnerWebhook.Certificates;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Serve;

/// <summary>Every line that the server logs. None takes an object, a patch or a configured value.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information,
        "{Outcome} {Kind} {Namespace}/{Name} {Operation} uid={Uid} {Milliseconds:0.0} ms")]
    public static partial void Reviewed(ILogger logger, string outcome, string kind, string nameSpace, string name,
        string operation, string uid, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "refused a request with {Status}: {Problem}")]
    public static partial void Refused(ILogger logger, int status, string problem);

    [LoggerMessage(3, LogLevel.Error, "request {Uid} failed: this is a fault of runner-webhook")]
    public static partial void Failed(ILogger logger, string uid, Exception exception);

    [LoggerMessage(10, LogLevel.Information, "configuration loaded: revision {Revision}")]
    public static partial void ConfigurationLoaded(ILogger logger, string revision);

    [LoggerMessage(11, LogLevel.Error, "configuration not loaded, revision {Revision} stays in force: {Problem}")]
    public static partial void ConfigurationRejected(ILogger logger, string revision, string problem);

    [LoggerMessage(14, LogLevel.Information, "the API server is of Kubernetes {Release}")]
    public static partial void ReleaseLearned(ILogger logger, KubernetesVersion release);

    [LoggerMessage(15, LogLevel.Warning, "the API server does not tell its release, say --kubernetes-version: {Problem}")]
    public static partial void ReleaseUnknown(ILogger logger, string problem);

    [LoggerMessage(12, LogLevel.Error, "no configuration yet, every request is refused until there is one: {Problem}")]
    public static partial void ConfigurationAwaited(ILogger logger, string problem);

    [LoggerMessage(EventId = 13, Message = "log level {Level}, {Before} before")]
    public static partial void LevelSet(ILogger logger, LogLevel importance, LogThreshold level, LogThreshold before);

    [LoggerMessage(20, LogLevel.Information, "certificate loaded: {Subject}, valid until {NotAfter:u}")]
    public static partial void CertificateLoaded(ILogger logger, string subject, DateTime notAfter);

    [LoggerMessage(21, LogLevel.Error, "certificate not loaded, the one before stays in service: {Problem}")]
    public static partial void CertificateRejected(ILogger logger, string problem);

    [LoggerMessage(22, LogLevel.Warning, "NO CERTIFICATE GIVEN: serving a throw-away one for localhost, made just now. "
        + "No API server trusts it. Use --tls-cert and --tls-key in a cluster.")]
    public static partial void CertificateThrownAway(ILogger logger);

    [LoggerMessage(28, LogLevel.Error, "no certificate yet, nobody can connect until there is one: {Problem}")]
    public static partial void CertificateAwaited(ILogger logger, string problem);

    [LoggerMessage(23, LogLevel.Error, "the files can't be looked at: this is a fault of runner-webhook")]
    public static partial void RefreshFailed(ILogger logger, Exception exception);

    [LoggerMessage(24, LogLevel.Information, "namespaces listed: {Count} in {Milliseconds:0} ms")]
    public static partial void NamespacesListed(ILogger logger, int count, double milliseconds);

    [LoggerMessage(25, LogLevel.Error, "namespaces can't be listed, not ready until they can: {Problem}")]
    public static partial void NamespacesUnknown(ILogger logger, string problem);

    [LoggerMessage(26, LogLevel.Error, "changes of namespaces can't be followed, requests go on with the {Count} known: "
        + "{Problem}")]
    public static partial void NamespacesLost(ILogger logger, int count, string problem);

    [LoggerMessage(27, LogLevel.Information, "namespaces are not watched any more")]
    public static partial void NamespacesForgotten(ILogger logger);

    [LoggerMessage(40, LogLevel.Information, "{Action}: wrote new certificates to Secret {Secret}: {Reason}")]
    public static partial void CertificatesWritten(ILogger logger, CertificateAction action, string secret, string reason);

    [LoggerMessage(41, LogLevel.Information,
        "set caBundle of MutatingWebhookConfiguration {Configuration} to {Count} certificates")]
    public static partial void CaBundleSet(ILogger logger, string configuration, int count);

    [LoggerMessage(42, LogLevel.Warning, "the certificates in the cluster can't be looked after now: {Problem}")]
    public static partial void UpkeepFailed(ILogger logger, string problem);

    [LoggerMessage(30, LogLevel.Information, "serving on port {Port}, health and metrics on port {AdminPort}")]
    public static partial void Serving(ILogger logger, int port, int adminPort);

    [LoggerMessage(31, LogLevel.Information, "stopping: not ready any more, serving {Seconds} seconds longer")]
    public static partial void Draining(ILogger logger, double seconds);

    [LoggerMessage(50, LogLevel.Information, "traces go to {Endpoint}")]
    public static partial void TracesSent(ILogger logger, string endpoint);

    [LoggerMessage(51, LogLevel.Warning, "no traces: {Variable} is no http or https URL")]
    public static partial void TracesOff(ILogger logger, string variable);

    [LoggerMessage(52, LogLevel.Warning, "traces can't be delivered to {Endpoint}, spans are dropped until they can: {Problem}")]
    public static partial void TracesLost(ILogger logger, string endpoint, string problem);

    [LoggerMessage(53, LogLevel.Information, "traces are delivered to {Endpoint} again")]
    public static partial void TracesResumed(ILogger logger, string endpoint);
}
