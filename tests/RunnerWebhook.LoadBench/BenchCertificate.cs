using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.LoadBench;

/// <summary>A certificate for a benchmark, as files in a folder of their own.</summary>
internal sealed class BenchCertificate : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("load-bench").FullName;

    public BenchCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public string CertificateFile => Path.Combine(_folder, "tls.crt");

    public string KeyFile => Path.Combine(_folder, "tls.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
