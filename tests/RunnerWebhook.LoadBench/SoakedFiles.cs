using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.LoadBench;

/// <summary>A mounted folder with configuration and certificate, which is swapped as kubelet swaps it: by one rename of a
/// link.</summary>
internal sealed class SoakedFiles : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("soak").FullName;
    private readonly string _configuration;

    public SoakedFiles(string configuration)
    {
        _configuration = configuration;
        Swap().GetAwaiter().GetResult();
        foreach (var file in (string[])["config.yaml", "tls.crt", "tls.key"])
        {
            File.CreateSymbolicLink(PathOf(file), Path.Combine("..data", file));
        }
    }

    /// <summary>How often they were changed.</summary>
    public int Changes { get; private set; }

    public string PathOf(string file) => Path.Combine(_root, file);

    /// <summary>Swaps in another configuration and certificate; every fifth time both are broken.</summary>
    public async Task Change()
    {
        Changes++;
        await Swap();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private async Task Swap()
    {
        var number = Changes.ToString(CultureInfo.InvariantCulture);
        var folder = PathOf("..version_" + number);
        Directory.CreateDirectory(folder);
        var isBroken = Changes % 5 == 4;
        await File.WriteAllTextAsync(Path.Combine(folder, "config.yaml"),
            isBroken ? "profiles: {" : $"{_configuration}\n# {number}\n".Replace("docker:27", $"docker:27.{number}", StringComparison.Ordinal));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = new CertificateRequest($"CN=soak-{number}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "tls.key"), isBroken ? "" : key.ExportPkcs8PrivateKeyPem());
        File.CreateSymbolicLink(PathOf("..data_tmp"), Path.GetFileName(folder));
        // File.Move would follow the link.
        using var move = Process.Start("/bin/mv", ["-T", PathOf("..data_tmp"), PathOf("..data")]);
        await move.WaitForExitAsync();
        if (Changes > 0)
        {
            Directory.Delete(PathOf("..version_" + (Changes - 1).ToString(CultureInfo.InvariantCulture)), recursive: true);
        }
    }
}
