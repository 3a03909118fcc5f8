using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.Certificates;

/// <summary>Verifies certificates as an API server does. <c>serve</c>, <c>/readyz</c> and <c>check</c> all ask here, so that
/// they cannot disagree.</summary>
internal static class ChainVerifier
{
    /// <summary>The usage of a server's certificate.</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The usage of a client's certificate.</summary>
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Why a certificate is not trusted; null if it is.</summary>
    /// <param name="leaf">The certificate of the server or client.</param>
    /// <param name="intermediates">The certificates that are sent with it.</param>
    /// <param name="trusted">The trusted certificates: roots, intermediates, or the leaf itself.</param>
    /// <param name="now">The time at which every certificate of the chain has to be valid.</param>
    /// <param name="usage">What the certificate has to be for.</param>
    public static string? WhyUntrusted(X509Certificate2 leaf, IReadOnlyCollection<X509Certificate2> intermediates,
        IEnumerable<X509Certificate2> trusted, DateTimeOffset now, string usage = ServerAuthentication)
    {
        string? why = null;
        // One anchor at a time: of two with the same name, X509Chain would try only the first.
        foreach (var anchor in trusted)
        {
            var (reachesAnchor, problem) = Build(leaf, intermediates, anchor, now, usage);
            if (reachesAnchor && problem is null)
            {
                return null;
            }

            why = reachesAnchor ? problem : why;
        }

        return why ?? $"its issuer '{leaf.Issuer}' is not among the trusted certificates";
    }

    private static (bool ReachesAnchor, string? Problem) Build(X509Certificate2 leaf,
        IReadOnlyCollection<X509Certificate2> intermediates, X509Certificate2 anchor, DateTimeOffset now,
        string usage)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.Add(anchor);
        policy.ExtraStore.Add(anchor);
        policy.ExtraStore.AddRange(intermediates.ToArray());
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(new(usage));
        policy.VerificationTime = now.UtcDateTime;
        // An API server also accepts an intermediate CA, or the leaf itself, as the end of the chain.
        policy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        var isValid = chain.Build(leaf);
        var problem = isValid ? null : string.Join(", ", chain.ChainStatus.Select(status => status.Status).Distinct());
        return (chain.ChainElements.Any(element => IsSame(element.Certificate, anchor)), problem);
    }

    /// <summary>Whether two certificates are the same, byte by byte.</summary>
    public static bool IsSame(X509Certificate2 one, X509Certificate2 other) =>
        one.RawDataMemory.Span.SequenceEqual(other.RawDataMemory.Span);
}
