using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using RunnerWebhook.Certificates;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>The serving certificate is valid, for the right name, and not about to expire.</summary>
internal static class CertificateCheck
{
    public const string Name = "certificate";

    // cert-manager renews when a third of the lifetime is left; with a fifth left, renewal has failed for a while.
    private const double RenewalIsOverdue = 0.2;

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        var subject = $"Secret {snapshot.Scope.Installation}/{snapshot.CertificateSecret}";
        if (snapshot.Certificate.Problem is { } problem)
        {
            return [CheckResult.Skip(Name, $"the certificate in {subject}", problem)];
        }

        if (!snapshot.Certificate.Has(out var pem))
        {
            return [DeploymentCheck.OutsideOf(snapshot) is { } url
                ? CheckResult.Skip(Name, "the serving certificate", $"the API server calls {url}, and there is no {subject}")
                : Fail(Name, snapshot, $"there is no {subject} with a tls.crt")];
        }

        var result = TrustBundle.Read(pem).Certificates is [var leaf, ..]
            ? Judge(snapshot, leaf, subject)
            : Fail(Name, snapshot, $"tls.crt of {subject} holds no certificate in PEM");
        return [result, .. Waiting(snapshot)];
    }

    // A replica goes on with a valid and trusted certificate, and says why it does not serve the newer one.
    private static IEnumerable<CheckResult> Waiting(ClusterSnapshot snapshot) => ReplicaReport.Warnings(
        Name, snapshot, condition => condition == Name, _ => Renewal(snapshot));

    /// <summary>How a certificate and its CA come into the cluster.</summary>
    public static string Renewal(ClusterSnapshot snapshot)
    {
        var installation = snapshot.Scope.Installation;
        return CertManagerReport.Of(snapshot)?.Hint ?? (CertManagerReport.CertificateOf(snapshot.Registration) is not null
            ? CertManagerReport.Hint(installation)
            : $"make a new one and its CA: runner-webhook certs -n {installation} | kubectl apply --server-side -f -");
    }

    /// <summary>A failure for which cert-manager may be the cause.</summary>
    public static CheckResult Fail(string check, ClusterSnapshot snapshot, string sentence)
    {
        var found = Explain(snapshot, sentence);
        return CheckResult.Fail(check, found.Cause, found.Hint);
    }

    /// <summary>What is wrong, after cert-manager's part in it, and what to do.</summary>
    public static Diagnosis Explain(ClusterSnapshot snapshot, string sentence) => new(
        CertManagerReport.Of(snapshot) is { } cause ? $"{cause.Cause}: {sentence}" : sentence, Renewal(snapshot));

    private static CheckResult Judge(ClusterSnapshot snapshot, X509Certificate2 leaf, string subject)
    {
        var (from, until) = (leaf.NotBefore.ToUniversalTime(), leaf.NotAfter.ToUniversalTime());
        var now = snapshot.Now.UtcDateTime;
        if (now > until)
        {
            return Fail(Name, snapshot, $"the certificate in {subject} expired at {Text(until)}");
        }

        if (now < from)
        {
            return CheckResult.Fail(Name, $"the certificate in {subject} is not valid before {Text(from)}",
                "check the clock of the machine that issued it");
        }

        var host = HostOf(snapshot);
        if (!leaf.MatchesHostname(host))
        {
            return CheckResult.Fail(Name, $"the certificate in {subject} is not for {host}, the name that the API server asks "
                + "for", Renewal(snapshot));
        }

        var sentence = $"the certificate in {subject} is valid until {Text(until)}";
        return (until - now) / (until - from) < RenewalIsOverdue
            ? CheckResult.Warn(Name, $"{sentence}: its renewal is overdue", Renewal(snapshot))
            : CheckResult.Pass(Name, sentence);
    }

    private static string HostOf(ClusterSnapshot snapshot) => DeploymentCheck.OutsideOf(snapshot) is { } url
        ? new Uri(url).Host
        : $"{WellKnown.Program}.{snapshot.Scope.Installation}.svc";

    internal static string Text(DateTime time) => time.ToString("u", CultureInfo.InvariantCulture);
}
