using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Logging;

/// <summary>Every line that the server logs. None takes an object, a patch, a configured value or a key. One class holds
/// them all: with two, the generator writes them in any order, and the same code gives other bytes.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information,
        "{Outcome} {Kind} {Namespace}/{Name} {Operation} uid={Uid} {Milliseconds:0.0} ms: {Sentence}")]
    public static partial void Reviewed(ILogger logger, string outcome, string kind, string nameSpace, string name,
        string operation, string uid, double milliseconds, string sentence);

    [LoggerMessage(2, LogLevel.Warning, "rejected a request with {Status}: {Problem}")]
    public static partial void Refused(ILogger logger, int status, string problem);

    [LoggerMessage(3, LogLevel.Error, "request {Uid} failed: this is a bug in runner-webhook")]
    public static partial void Failed(ILogger logger, string uid, Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "a client has closed its connection before the answer: {Problem}")]
    public static partial void Aborted(ILogger logger, string problem);

    [LoggerMessage(10, LogLevel.Information, "configuration loaded: revision {Revision}")]
    public static partial void ConfigurationLoaded(ILogger logger, string revision);

    [LoggerMessage(11, LogLevel.Error, "configuration not loaded, revision {Revision} stays in force: {Problem}")]
    public static partial void ConfigurationRejected(ILogger logger, string revision, string problem);

    [LoggerMessage(14, LogLevel.Information, "the cluster runs Kubernetes {Release}")]
    public static partial void ReleaseLearned(ILogger logger, KubernetesVersion release);

    [LoggerMessage(15, LogLevel.Warning, "the cluster's release is not known, set --kubernetes-version: {Problem}")]
    public static partial void ReleaseUnknown(ILogger logger, string problem);

    [LoggerMessage(12, LogLevel.Error, "no configuration yet, every request is refused until there is one: {Problem}")]
    public static partial void ConfigurationAwaited(ILogger logger, string problem);

    [LoggerMessage(16, LogLevel.Warning, "configuration accepted, not in force yet: watchNamespaces needs the list of "
        + "namespaces; until it is there, the current configuration, revision {Revision}, stays in force")]
    public static partial void ConfigurationWaits(ILogger logger, string revision);

    [LoggerMessage(EventId = 13, Message = "log level {Level}, {Before} before")]
    public static partial void LevelSet(ILogger logger, LogLevel importance, LogThreshold level, LogThreshold before);

    [LoggerMessage(23, LogLevel.Error, "reading the files failed: this is a bug in runner-webhook")]
    public static partial void RefreshFailed(ILogger logger, Exception exception);

    [LoggerMessage(24, LogLevel.Information, "namespaces listed: {Count} in {Milliseconds:0} ms")]
    public static partial void NamespacesListed(ILogger logger, int count, double milliseconds);

    [LoggerMessage(25, LogLevel.Error, "namespaces cannot be listed, a configuration that needs them has to wait: {Problem}")]
    public static partial void NamespacesUnknown(ILogger logger, string problem);

    [LoggerMessage(26, LogLevel.Error, "changes of namespaces are not received, requests use the {Count} known: "
        + "{Problem}")]
    public static partial void NamespacesLost(ILogger logger, int count, string problem);

    [LoggerMessage(27, LogLevel.Information, "namespaces are no longer watched")]
    public static partial void NamespacesForgotten(ILogger logger);

    [LoggerMessage(30, LogLevel.Information, "serving on port {Port}, health and metrics on port {AdminPort}")]
    public static partial void Serving(ILogger logger, int port, int adminPort);

    [LoggerMessage(31, LogLevel.Information, "stopping: no longer ready, serving for another {Seconds} seconds")]
    public static partial void Draining(ILogger logger, double seconds);

    [LoggerMessage(32, LogLevel.Warning, "{Max} connections are open: each new one closes the one that has been of "
        + "no use for the longest time; {Dropped} closed since the start")]
    public static partial void ConnectionsDropped(ILogger logger, int max, long dropped);

    [LoggerMessage(33, LogLevel.Warning, "refused a caller at {Address}: {Problem}")]
    public static partial void CallerRefused(ILogger logger, string address, string problem);

    [LoggerMessage(34, LogLevel.Information, "callers need a client certificate of: {Names}")]
    public static partial void ClientAuthoritiesLoaded(ILogger logger, string names);

    [LoggerMessage(35, LogLevel.Error, "the file of --client-ca was not loaded, the CAs before it stay in force: {Problem}")]
    public static partial void ClientAuthoritiesRejected(ILogger logger, string problem);

    [LoggerMessage(36, LogLevel.Error, "no caller is answered until the file of --client-ca can be used: {Problem}")]
    public static partial void ClientAuthoritiesAwaited(ILogger logger, string problem);

    [LoggerMessage(50, LogLevel.Information, "traces go to {Endpoint}")]
    public static partial void TracesSent(ILogger logger, string endpoint);

    [LoggerMessage(51, LogLevel.Warning, "no traces: {Problem}")]
    public static partial void TracesOff(ILogger logger, string problem);

    [LoggerMessage(52, LogLevel.Warning, "traces cannot be delivered to {Endpoint}, spans are dropped meanwhile: {Problem}")]
    public static partial void TracesLost(ILogger logger, string endpoint, string problem);

    [LoggerMessage(53, LogLevel.Information, "traces are delivered to {Endpoint} again")]
    public static partial void TracesResumed(ILogger logger, string endpoint);

    [LoggerMessage(20, LogLevel.Information, "certificate loaded: {Names}, valid until {NotAfter:u}")]
    public static partial void CertificateLoaded(ILogger logger, string names, DateTime notAfter);

    [LoggerMessage(21, LogLevel.Error, "certificate not loaded, the current one stays in service: {Problem}")]
    public static partial void CertificateRejected(ILogger logger, string problem);

    [LoggerMessage(22, LogLevel.Warning, "NO CERTIFICATE GIVEN: serving a throw-away certificate for localhost. "
        + "No API server trusts it. Use --tls-cert and --tls-key in a cluster.")]
    public static partial void CertificateThrownAway(ILogger logger);

    [LoggerMessage(28, LogLevel.Error, "no certificate yet, TLS connections fail until there is one: {Problem}")]
    public static partial void CertificateAwaited(ILogger logger, string problem);

    [LoggerMessage(29, LogLevel.Warning,
        "certificate {Names} is not served yet, the current one, valid until {NotAfter:u}, stays in service: {Reason}")]
    public static partial void CertificateWaits(ILogger logger, string names, DateTime notAfter, string reason);

    [LoggerMessage(40, LogLevel.Information, "{Action}: wrote new certificates to Secret {Secret}: {Reason}")]
    public static partial void CertificatesWritten(ILogger logger, string action, string secret, string reason);

    [LoggerMessage(41, LogLevel.Information,
        "set caBundle of MutatingWebhookConfiguration {Configuration} to {Count} certificates")]
    public static partial void CaBundleSet(ILogger logger, string configuration, int count);

    [LoggerMessage(42, LogLevel.Warning, "the certificates in the cluster cannot be maintained now: {Problem}")]
    public static partial void UpkeepFailed(ILogger logger, string problem);

    [LoggerMessage(43, LogLevel.Error, "maintaining certificates failed: this is a bug in runner-webhook")]
    public static partial void UpkeepBroke(ILogger logger, Exception exception);
}
