using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.Certificates;

/// <summary>Certificates that are trusted, in an order that counts for nothing but reading.</summary>
internal sealed class TrustBundle
{
    /// <summary>Trusts nothing.</summary>
    public static readonly TrustBundle Empty = new([]);

    private readonly ImmutableArray<X509Certificate2> _certificates;

    private TrustBundle(ImmutableArray<X509Certificate2> certificates) => _certificates = certificates;

    /// <summary>The certificates.</summary>
    public IReadOnlyList<X509Certificate2> Certificates => _certificates;

    /// <summary>The certificates as one PEM text.</summary>
    public string Pem => string.Concat(_certificates.Select(certificate => certificate.ExportCertificatePem() + '\n'));

    /// <summary>Reads PEM text.</summary>
    /// <returns>Trusts nothing where the text can't be read.</returns>
    public static TrustBundle Read(string pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            return Empty;
        }

        return new([.. certificates]);
    }

    /// <summary>These certificates and others, each once.</summary>
    public TrustBundle With(TrustBundle others) =>
        new([.. _certificates.Concat(others._certificates).DistinctBy(certificate => certificate.Thumbprint)]);

    /// <summary>The first of those that pass.</summary>
    public TrustBundle Where(Func<X509Certificate2, bool> passes, int max = int.MaxValue) =>
        new([.. _certificates.Where(passes).Take(max)]);

    /// <summary>Whether this very certificate is among these.</summary>
    public bool Contains(X509Certificate2 certificate) => _certificates.Any(one => IsSame(one, certificate));

    /// <summary>Whether the same certificates are trusted, in whatever order.</summary>
    public bool Equals(TrustBundle other) => _certificates.All(other.Contains) && other._certificates.All(Contains);

    /// <summary>Whether these certificates vouch for a server's, as an API server sees it: it goes back to one of them,
    /// or is one of them, and is valid now.</summary>
    /// <param name="leaf">The server's certificate.</param>
    /// <param name="intermediates">What the server sends with it.</param>
    /// <param name="now">The time.</param>
    public bool Vouches(X509Certificate2 leaf, IEnumerable<X509Certificate2> intermediates, DateTimeOffset now) =>
        // One at a time: of two with one name, the base library would try only the first.
        _certificates.Any(one => Vouches(one, leaf, intermediates, now));

    private static bool Vouches(X509Certificate2 trusted, X509Certificate2 leaf,
        IEnumerable<X509Certificate2> intermediates, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.Add(trusted);
        policy.ExtraStore.Add(trusted);
        policy.ExtraStore.AddRange(intermediates.ToArray());
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        policy.VerificationTime = now.UtcDateTime;
        // An API server also takes an intermediate CA, or the certificate itself, for the end of the chain.
        policy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        return chain.Build(leaf) && chain.ChainElements.Any(element => IsSame(element.Certificate, trusted));
    }

    private static bool IsSame(X509Certificate2 one, X509Certificate2 other) =>
        one.RawDataMemory.Span.SequenceEqual(other.RawDataMemory.Span);
}
