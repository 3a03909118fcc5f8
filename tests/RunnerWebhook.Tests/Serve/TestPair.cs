using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Certificates that can be told apart by their name.</summary>
internal static class TestPair
{
    /// <summary>The files of a mounted TLS Secret.</summary>
    public static Dictionary<string, string> Create(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        return new() { ["tls.crt"] = certificate.ExportCertificatePem(), ["tls.key"] = key.ExportPkcs8PrivateKeyPem() };
    }
}
