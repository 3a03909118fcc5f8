using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.Certificates;

/// <summary>A certificate with its matching private key, parsed.</summary>
/// <param name="Pair">The PEM texts.</param>
/// <param name="Certificate">The certificate: the first one of the PEM text.</param>
internal sealed record LoadedPair(KeyPair Pair, X509Certificate2 Certificate)
{
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
        if (string.IsNullOrWhiteSpace(certificatePem) || string.IsNullOrWhiteSpace(keyPem))
        {
            problem = "missing";
            return null;
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            var all = new X509Certificate2Collection();
            all.ImportFromPem(certificatePem);
            return new(new(certificatePem, keyPem), certificate) { Intermediates = [.. all.Skip(1)] };
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>What a TLS handshake sends.</summary>
    public SslStreamCertificateContext ForHandshakes() =>
        SslStreamCertificateContext.Create(Certificate, [.. Intermediates], offline: true);
}
