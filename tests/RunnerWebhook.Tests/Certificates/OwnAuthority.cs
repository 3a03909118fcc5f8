using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RunnerWebhook.Certificates;

namespace RunnerWebhook.Tests.Certificates;

/// <summary>A CA that a user brings.</summary>
internal static class OwnAuthority
{
    /// <summary>Makes one.</summary>
    /// <param name="kind">The kind of its key: EC, RSA or DSA.</param>
    /// <param name="isAuthority">Whether its certificate says that it is a CA's.</param>
    /// <param name="from">When it begins to be valid.</param>
    /// <param name="to">When it expires.</param>
    public static KeyPair Create(string kind, bool isAuthority, DateTimeOffset from, DateTimeOffset to)
    {
        using AsymmetricAlgorithm key = kind switch
        {
            "EC" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "RSA" => RSA.Create(2048),
#pragma warning disable CA5384 // It is to be refused.
            _ => DSA.Create(1024),
#pragma warning restore CA5384
        };
        // No signature generator knows DSA.
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = key switch
        {
            ECDsa curve => X509SignatureGenerator.CreateForECDsa(curve),
            RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
            _ => X509SignatureGenerator.CreateForECDsa(signer),
        };
        var name = new X500DistinguishedName($"CN=own {kind}");
        var request = new CertificateRequest(name, new PublicKey(key), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        using var certificate = request.Create(name, signature, from, to, [1]);
        return new(certificate.ExportCertificatePem() + '\n', key.ExportPkcs8PrivateKeyPem() + '\n');
    }
}
