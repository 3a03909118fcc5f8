using System.Security.Cryptography.X509Certificates;
using RunnerWebhook.Certificates;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Check;

/// <summary>The caBundle is sound, and verifies the serving certificate.</summary>
internal static class CaBundleCheck
{
    public const string Name = "caBundle";

    /// <summary>How replicas name it.</summary>
    public const string Condition = "ca-bundle";

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot) => RegistrationCheck.Ours(snapshot)
        .GroupBy(hook => hook.Text("clientConfig", "caBundle"))
        .Select(group => Judge(snapshot, group.Key, string.Join(" and ", group.Select(hook => hook.Text("name")))))
        .Concat(ReplicaReport.Warnings(Name, snapshot, condition => condition == Condition,
            _ => "let the replicas read it (ClusterRole runner-webhook-certificates and components/api-access): "
                + "kubectl apply -k charts-free-manifests"));

    private static CheckResult Judge(ClusterSnapshot snapshot, string caBundle, string hooks)
    {
        if (caBundle.Length == 0)
        {
            return Fail(snapshot, $"{hooks}: caBundle is empty: the API server trusts no certificate of the webhook");
        }

        var roots = Read(caBundle);
        if (roots.Count == 0)
        {
            return Fail(snapshot, $"{hooks}: caBundle holds no certificate in PEM");
        }

        var until = roots.Max(root => root.NotAfter.ToUniversalTime());
        if (until < snapshot.Now.UtcDateTime)
        {
            return Fail(snapshot, $"{hooks}: the CA in caBundle expired at {CertificateCheck.Text(until)}");
        }

        return Served(snapshot).Count == 0
            ? WithoutCertificate(snapshot, hooks, until)
            : Verify(snapshot, hooks, roots, until);
    }

    /// <summary>Whether a <c>caBundle</c> verifies the certificate in the Secret; without one, whether it has a CA.</summary>
    public static bool Verifies(ClusterSnapshot snapshot, string caBundle) => Read(caBundle) is { Count: > 0 } roots
        && (Served(snapshot).Count == 0 || WhyUntrusted(snapshot, roots) is null);

    private static IReadOnlyList<X509Certificate2> Read(string caBundle) =>
        TrustBundle.Read(Base64Text.Decode(caBundle)).Certificates;

    private static IReadOnlyList<X509Certificate2> Served(ClusterSnapshot snapshot) =>
        TrustBundle.Read(snapshot.Certificate.Or("")).Certificates;

    private static string? WhyUntrusted(ClusterSnapshot snapshot, IReadOnlyList<X509Certificate2> roots)
    {
        // CertificateCheck reports a certificate that is expired or not valid yet: here only the chain counts.
        var served = Served(snapshot);
        DateTimeOffset from = served[0].NotBefore, to = served[0].NotAfter;
        var now = snapshot.Now < from ? from : snapshot.Now < to ? snapshot.Now : to.AddSeconds(-1);
        return ChainVerifier.WhyUntrusted(served[0], [.. served.Skip(1)], roots, now);
    }

    private static CheckResult Verify(
        ClusterSnapshot snapshot, string hooks, IReadOnlyList<X509Certificate2> roots, DateTime until)
    {
        if (WhyUntrusted(snapshot, roots) is not { } why)
        {
            return CheckResult.Pass(Name, $"verifies the serving certificate, valid until {CertificateCheck.Text(until)}");
        }

        var sentence = $"{hooks}: caBundle doesn't verify the certificate in Secret {snapshot.Scope.Installation}/"
            + $"{snapshot.CertificateSecret} ({why})";
        // A replica goes on with the certificate before, which is in no Secret any more.
        return ReplicaReport.Of(snapshot, Condition).ToArray() is { Length: > 0 } reports
            && Array.TrueForAll(reports, report => report is { IsMet: true, State: CaBundleReadiness.Trusted })
            ? CheckResult.Warn(Name, $"{sentence}; the replicas still serve the one before, which it verifies",
                CertificateCheck.Renewal(snapshot))
            : Fail(snapshot, sentence);
    }

    // An answered call proves that the API server has verified it.
    private static CheckResult WithoutCertificate(ClusterSnapshot snapshot, string hooks, DateTime until) =>
        ReachableCheck.IsAnswered(snapshot)
            ? CheckResult.Pass(Name, $"the API server's own call was answered, valid until {CertificateCheck.Text(until)}")
            : CheckResult.Skip(Name, $"whether caBundle of {hooks} verifies the serving certificate",
                snapshot.Certificate.Problem ?? "the certificate is not at hand");

    private static CheckResult Fail(ClusterSnapshot snapshot, string sentence) =>
        CertificateCheck.Fail(Name, snapshot, sentence);
}
