using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Pairs with which no TLS connection of an API server can succeed: none takes the place of one that works.</summary>
public sealed class UnusablePairTests : IDisposable
{
    private const string Unusable = "the certificate's key is of no use for TLS";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-pairs").FullName;
    private readonly LoggedLines _log = new();

    private string Certificate => Path.Combine(_folder, "tls.crt");

    private string Key => Path.Combine(_folder, "tls.key");

    public static IEnumerable<TheoryDataRow<string, string>> Pairs() =>
    [
        new("RSA of 1024 bits", Unusable), new("EC on secp256k1", Unusable), new("EC on brainpoolP256r1", Unusable),
        new("DSA", Unusable), new("Ed25519", Unusable),
        new("for clients", "its extended key usage lacks serverAuth"), new("encrypted", "the key is encrypted"),
        new("issuer first", "the server's own comes first"), new("another's key", "is not the certificate's"),
        new("DER", "the certificate is empty, or not PEM"), new("no key", "the key is empty, or not PEM"),
        new("damaged", "the certificate is damaged"), new("pipes", "the certificate is empty"),
        new("without end", "is longer than 1 MiB"), new("folders", "Is a directory"),
    ];

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Pair_OfNoUseForTls_LeavesTheOneBeforeInService(string kind, string reason)
    {
        Write(TestPair.Create("first"));
        await using var server = await RunningServer.Start(new()
        {
            Certificates = new() { CertificateFile = Certificate, KeyFile = Key },
            ReloadInterval = TimeSpan.FromMilliseconds(50),
        }, _log);

        Offer(kind);

        await Wait.Until(async () => (await Verbose(server)).Contains(reason, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await server.Admin("/readyz")).Status);
        Assert.NotNull(await server.Review(Reviews.Create(SampleObjects.Pod())));
        Assert.Contains(_log.With("certificate not loaded, the current one stays in service"),
            line => line.Contains(reason, StringComparison.Ordinal));
        Assert.DoesNotContain(_log.All, line => line.Contains("   at ", StringComparison.Ordinal));

        Clear();
        Write(TestPair.Create("second"));
        await Wait.Until(() => Task.FromResult(_log.With("certificate loaded: CN=second").Length == 1));
    }

    [Theory]
    [InlineData("P-256")]
    [InlineData("P-384")]
    [InlineData("P-521")]
    [InlineData("RSA")]
    [InlineData("two usages")]
    public async Task Pair_OfUse_IsServed(string kind)
    {
        using AsymmetricAlgorithm key = kind switch
        {
            "P-384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            "P-521" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            "RSA" => RSA.Create(2048),
            _ => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        };
        Write(Pair(key, kind == "two usages" ? [ForClients, "1.3.6.1.5.5.7.3.1"] : []));

        await using var server = await RunningServer.Start(new() { Certificates = new() { CertificateFile = Certificate, KeyFile = Key } });

        Assert.NotNull(await server.Review(Reviews.Create(SampleObjects.Pod())));
    }

    public void Dispose()
    {
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> Verbose(RunningServer server) => (await server.Admin("/readyz?verbose")).Text;

    // Signed by another key, because no generator knows each kind; the signature is not verified here.
    private static Dictionary<string, string> Pair(AsymmetricAlgorithm key, params string[] usages) =>
        Pair(new PublicKey(key), key.ExportPkcs8PrivateKeyPem(), usages);

    private static Dictionary<string, string> Pair(PublicKey key, string privateKey, params string[] usages)
    {
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedName("CN=offered");
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        if (usages.Length > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(usage => new Oid(usage))], false));
        }

        using var certificate = request.Create(name, X509SignatureGenerator.CreateForECDsa(signer), DateTimeOffset.UtcNow.AddHours(-1),
            DateTimeOffset.UtcNow.AddHours(1), [1]);
        return Files(certificate.ExportCertificatePem(), privateKey);
    }

    private static Dictionary<string, string> Pair(string oid)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromValue(oid));
        return Pair(key);
    }

    private static Dictionary<string, string> Files(string certificate, string key) =>
        new() { ["tls.crt"] = certificate + '\n', ["tls.key"] = key + '\n' };

    private void Offer(string kind)
    {
        var good = TestPair.Create("good");
        switch (kind)
        {
            case "pipes":
                Clear();
                NamedPipe.Create(Certificate);
                NamedPipe.Create(Key);
                break;
            case "without end":
                Clear();
                File.CreateSymbolicLink(Certificate, "/dev/zero");
                File.CreateSymbolicLink(Key, "/dev/zero");
                break;
            case "folders":
                Clear();
                Directory.CreateDirectory(Certificate);
                Directory.CreateDirectory(Key);
                break;
            case "encrypted":
                using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                {
                    Write(new(good)
                    {
                        ["tls.key"] = key.ExportEncryptedPkcs8PrivateKeyPem("x",
                            new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)),
                    });
                }

                break;
            default:
                Write(Offered(kind, good));
                break;
        }
    }

    private static Dictionary<string, string> Offered(string kind, Dictionary<string, string> good)
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
#pragma warning disable CA5384, CA5385 // They are to be refused.
        using var dsa = DSA.Create(1024);
        using var rsa = RSA.Create(1024);
#pragma warning restore CA5384, CA5385
        return kind switch
        {
            "RSA of 1024 bits" => Pair(rsa),
            "EC on secp256k1" => Pair("1.3.132.0.10"),
            "EC on brainpoolP256r1" => Pair("1.3.36.3.3.2.8.1.1.7"),
            "DSA" => Pair(dsa),
            "Ed25519" => Pair(new PublicKey(new Oid("1.3.101.112"), null, new(new byte[32])), good["tls.key"]),
            "for clients" => Pair(p256, ForClients),
            "issuer first" => new(good) { ["tls.crt"] = TestPair.Create("issuer")["tls.crt"] + '\n' + good["tls.crt"] },
            "another's key" => new(good) { ["tls.key"] = TestPair.Create("another")["tls.key"] },
            "DER" => new(good) { ["tls.crt"] = "0\u0082\u0001" },
            "no key" => new(good) { ["tls.key"] = good["tls.crt"] },
            "damaged" => new(good) { ["tls.crt"] = good["tls.crt"].Replace("MII", "MIJ", StringComparison.Ordinal) },
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    private void Clear()
    {
        foreach (var path in (string[])[Certificate, Key])
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path);
            }

            File.Delete(path);
        }
    }

    // Each moved into place: a file that is being written would be one more damage.
    private void Write(Dictionary<string, string> files)
    {
        foreach (var (name, content) in files)
        {
            var path = Path.Combine(_folder, name);
            File.WriteAllText(path + ".new", content);
            File.Move(path + ".new", path, overwrite: true);
        }
    }
}
