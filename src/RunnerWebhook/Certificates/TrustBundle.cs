using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.Certificates;

/// <summary>Trusted certificates. Their order only matters to people who read the PEM text.</summary>
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
    /// <returns>An empty bundle if the text holds no certificate, or a broken one.</returns>
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

    /// <summary>The first certificates that pass.</summary>
    public TrustBundle Where(Func<X509Certificate2, bool> passes, int max = int.MaxValue) =>
        new([.. _certificates.Where(passes).Take(max)]);

    /// <summary>Whether this very certificate is in the bundle.</summary>
    public bool Contains(X509Certificate2 certificate) => _certificates.Any(one => ChainVerifier.IsSame(one, certificate));

    /// <summary>Whether both bundles trust the same certificates, in any order.</summary>
    public bool TrustsTheSameAs(TrustBundle other) =>
        _certificates.All(other.Contains) && other._certificates.All(Contains);

    /// <summary>Whether an API server that trusts this bundle accepts a server's certificate.</summary>
    /// <param name="leaf">The server's certificate.</param>
    /// <param name="intermediates">The certificates that the server sends with it.</param>
    /// <param name="now">The time.</param>
    public bool Vouches(X509Certificate2 leaf, IReadOnlyCollection<X509Certificate2> intermediates, DateTimeOffset now) =>
        ChainVerifier.WhyUntrusted(leaf, intermediates, _certificates, now) is null;
}
