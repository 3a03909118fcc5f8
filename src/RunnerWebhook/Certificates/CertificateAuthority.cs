using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.Certificates;

/// <summary>A certificate authority. One that is made here has a P-256 key, which API servers of every version take; a user's
/// own may have an RSA key.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    /// <summary>How long before it was made a certificate begins to be valid: clocks disagree.</summary>
    public static readonly TimeSpan Backdate = TimeSpan.FromHours(1);

    private static readonly Oid ForServers = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ForClients = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2 _certificate;

    private CertificateAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>The authority's own certificate and key.</summary>
    public KeyPair Pair => Export(_certificate);

    /// <summary>Makes a new authority, valid from the given time.</summary>
    /// <param name="now">The time.</param>
    /// <param name="lifetime">How long it is valid.</param>
    public static CertificateAuthority Create(DateTimeOffset now, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // Two authorities of one name in a bundle would confuse people, and some verifiers.
        var name = $"CN=runner-webhook CA {RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return new(request.CreateSelfSigned(now - Backdate, now + lifetime));
    }

    /// <summary>An authority that was made before.</summary>
    /// <exception cref="CryptographicException">It is not PEM.</exception>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    public static CertificateAuthority Load(KeyPair pair) =>
        new(X509Certificate2.CreateFromPem(pair.CertificatePem, pair.KeyPem));

    /// <summary>Why it can't issue certificates; null if it can.</summary>
    public string? Problem(DateTimeOffset now)
    {
        var until = _certificate.NotAfter.ToUniversalTime();
        return Problem(_certificate) ?? (now <= until ? null
            : string.Create(CultureInfo.InvariantCulture, $"the CA expired at {until:yyyy-MM-dd HH:mm} UTC"));
    }

    /// <summary>Why a certificate and its key can't issue others at any time; null if they can.</summary>
    public static string? Problem(X509Certificate2 certificate)
    {
        if (!certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(basic => basic.CertificateAuthority))
        {
            return "the certificate is not a CA's";
        }

        using var key = KeyOf(certificate);
        return key is null ? "the key is neither an elliptic curve key nor an RSA key" : null;
    }

    /// <summary>Issues a certificate for a server.</summary>
    /// <param name="hosts">Its names and addresses.</param>
    /// <param name="now">The time.</param>
    /// <param name="lifetime">How long it is valid; never longer than the authority itself.</param>
    public KeyPair IssueServing(IEnumerable<string> hosts, DateTimeOffset now, TimeSpan lifetime)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return Issue("CN=runner-webhook", ForServers, names, now, lifetime);
    }

    /// <summary>Issues a certificate for a client.</summary>
    /// <param name="subject">Who it is, for example <c>O=system:masters, CN=admin</c>.</param>
    /// <param name="now">The time.</param>
    /// <param name="lifetime">How long it is valid; never longer than the authority itself.</param>
    public KeyPair IssueClient(string subject, DateTimeOffset now, TimeSpan lifetime) =>
        Issue(subject, ForClients, null, now, lifetime);

    public void Dispose() => _certificate.Dispose();

    private KeyPair Issue(string subject, Oid usage, SubjectAlternativeNameBuilder? names, DateTimeOffset now,
        TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([usage], false));
        if (_certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } identifier)
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier));
        }

        if (names is not null)
        {
            request.CertificateExtensions.Add(names.Build());
        }

        var (from, to) = (now - Backdate, now + lifetime);
        DateTimeOffset issuerFrom = _certificate.NotBefore, issuerTo = _certificate.NotAfter;
        using var issuerKey = KeyOf(_certificate);
        var signature = issuerKey is RSA rsa ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
            : X509SignatureGenerator.CreateForECDsa((ECDsa)issuerKey!);
        using var certificate = request.Create(_certificate.SubjectName, signature, from < issuerFrom ? issuerFrom : from,
            to > issuerTo ? issuerTo : to, SerialNumber());
        using var withKey = certificate.CopyWithPrivateKey(key);
        return Export(withKey);
    }

    // Positive, and of one length.
    private static byte[] SerialNumber()
    {
        var number = RandomNumberGenerator.GetBytes(16);
        number[0] = (byte)((number[0] & 0x3f) | 0x40);
        return number;
    }

    private static KeyPair Export(X509Certificate2 certificate)
    {
        using var key = KeyOf(certificate)!;
        return new(certificate.ExportCertificatePem() + '\n', key.ExportPkcs8PrivateKeyPem() + '\n');
    }

    private static AsymmetricAlgorithm? KeyOf(X509Certificate2 certificate) =>
        (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey();
}
