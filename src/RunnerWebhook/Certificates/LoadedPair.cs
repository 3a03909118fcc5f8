using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.Certificates;

/// <summary>A certificate with its matching private key, parsed.</summary>
/// <param name="Pair">The PEM texts.</param>
/// <param name="Certificate">The certificate: the first one of the PEM text.</param>
internal sealed record LoadedPair(KeyPair Pair, X509Certificate2 Certificate)
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string EllipticCurve = "1.2.840.10045.2.1";
    private const string AnyUsage = "2.5.29.37.0";
    private const string UnusableKey =
        "the certificate's key is of no use for TLS: it needs RSA with 2048 bits or more, or EC on P-256, P-384 or P-521";

    // P-256, P-384 and P-521: API servers take no others.
    private static readonly string?[] Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    /// <summary>The further certificates of the PEM text, which a server sends along.</summary>
    public IReadOnlyList<X509Certificate2> Intermediates { get; private init; } = [];

    /// <summary>When it expires.</summary>
    public DateTimeOffset NotAfter => Certificate.NotAfter;

    /// <summary>When it was made.</summary>
    public DateTimeOffset Made => (DateTimeOffset)Certificate.NotBefore + CertificateAuthority.Backdate;

    /// <summary>When to renew it: a third of its life is left.</summary>
    public DateTimeOffset RenewAt => NotAfter - ((NotAfter - Made) / 3);

    /// <summary>The certificate's subject; if it has none, as with cert-manager, its DNS names and addresses.</summary>
    public string Names => Certificate.Subject is { Length: > 0 } subject ? subject
        : string.Join(", ", Certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names =>
            names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString()))));

    /// <summary>Reads a pair.</summary>
    /// <param name="certificatePem">The certificate, perhaps followed by intermediates.</param>
    /// <param name="keyPem">Its key.</param>
    /// <param name="problem">Why the result is null.</param>
    public static LoadedPair? Read(string? certificatePem, string? keyPem, out string problem)
    {
        problem = "";
        if (certificatePem is null || keyPem is null)
        {
            problem = "missing";
            return null;
        }

        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(certificatePem);
            if (all.Count > 0)
            {
                var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
                return new(new(certificatePem, keyPem), certificate) { Intermediates = [.. all.Skip(1)] };
            }

            problem = "the certificate is empty, or not PEM";
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            problem = all.Count == 0 ? $"the certificate is damaged: {e.Message}" : WhyNoKey(all, keyPem);
        }

        return null;
    }

    /// <summary>Why no TLS connection can be made with it as a server's; null if one can. One that is of no use must
    /// not take the place of one that works.</summary>
    public string? WhyNoServer()
    {
        using var rsa = Certificate.GetRSAPublicKey();
        using var curve = Certificate.GetECDsaPublicKey();
        if (rsa?.KeySize < 2048 || (rsa is null && !Curves.Contains(curve?.ExportParameters(false).Curve.Oid?.Value)))
        {
            return UnusableKey;
        }

        var usages = Certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault()?.EnhancedKeyUsages;
        return usages is null || usages.Cast<Oid>().Any(usage => usage.Value is ChainVerifier.ServerAuthentication or AnyUsage)
            ? null : "it is no server's certificate: its extended key usage lacks serverAuth";
    }

    private static string WhyNoKey(X509Certificate2Collection all, string keyPem) =>
        !keyPem.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? "the key is empty, or not PEM"
        : keyPem.Contains("ENCRYPTED", StringComparison.Ordinal) ? "the key is encrypted: store it without a password"
        : all[0].PublicKey.Oid.Value is not (Rsa or EllipticCurve) ? UnusableKey
        : all.Count == 1 ? "the key is damaged, or is not the certificate's"
        : "the key is damaged, or is not the first certificate's: the server's own comes first, before its issuers";

    /// <summary>What a TLS handshake sends.</summary>
    public SslStreamCertificateContext ForHandshakes() =>
        SslStreamCertificateContext.Create(Certificate, [.. Intermediates], offline: true);
}
