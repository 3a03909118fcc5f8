using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RunnerWebhook.Certificates;
using Xunit;

namespace RunnerWebhook.Tests.Certificates;

/// <summary>Whom a caBundle vouches for, as an API server sees it.</summary>
public sealed class TrustBundleTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Theory]
    [InlineData("root", true)]
    [InlineData("intermediate", true)]
    [InlineData("leaf", true)]
    [InlineData("root intermediate", true)]
    [InlineData("other", false)]
    [InlineData("other root", true)]
    [InlineData("", false)]
    public void Vouches_ChainOfThree_ForWhateverEndItTrusts(string trusted, bool isVouchedFor)
    {
        var (root, intermediate, leaf) = Chain();
        var named = new Dictionary<string, X509Certificate2> { ["root"] = root, ["intermediate"] = intermediate, ["leaf"] = leaf, ["other"] = Chain().Root };
        var bundle = Bundle([.. trusted.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => named[name])]);

        Assert.Equal(isVouchedFor, bundle.Vouches(leaf, [intermediate], Now));
    }

    [Fact]
    public void Vouches_IntermediateNotSent_IsNot()
    {
        var (root, _, leaf) = Chain();

        Assert.False(Bundle(root).Vouches(leaf, [], Now));
    }

    [Fact]
    public void Vouches_SelfSignedCertificateOfCertManager_IsItself()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leaf = new CertificateRequest("CN=self", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddHours(-1), Now.AddHours(1));

        Assert.True(Bundle(leaf).Vouches(leaf, [], Now));
        Assert.False(Bundle(leaf).Vouches(leaf, [], Now.AddHours(2)));
        Assert.False(Bundle(leaf).Vouches(leaf, [], Now.AddHours(-2)));
    }

    [Fact]
    public void Vouches_AuthorityRenewedWithItsKey_ForCertificatesOfBefore()
    {
        // As cert-manager renews the CA of certs/ca.yaml: another serial number, and the subject and key of before.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var before = request.CreateSelfSigned(Now.AddHours(-1), Now.AddHours(1));
        using var after = request.CreateSelfSigned(Now.AddMinutes(-1), Now.AddHours(2));
        var (old, renewed) = (Make("CN=leaf", isAuthority: false, before), Make("CN=leaf", isAuthority: false, after));

        Assert.NotEqual(before.SerialNumber, after.SerialNumber);
        Assert.All([(before, renewed), (after, old)], pair => Assert.True(Bundle(pair.Item1).Vouches(pair.Item2, [], Now)));
    }

    [Fact]
    public void Vouches_ClientsCertificate_IsNoServers()
    {
        using var authority = CertificateAuthority.Create(Now, TimeSpan.FromDays(1));
        var pair = authority.IssueClient("CN=client", Now, TimeSpan.FromDays(1));
        var held = LoadedPair.Read(pair.CertificatePem, pair.KeyPem, out _)!;

        Assert.False(TrustBundle.Read(authority.Pair.CertificatePem).Vouches(held.Certificate, [], Now));
    }

    [Fact]
    public void Refusing_WrongHost_NamesTheWebhook()
    {
        var scenario = new CertificateScenario();
        scenario.Step();
        using var authority = CertificateAuthority.Load(scenario.Stored.Authority!.Pair);
        var pair = authority.IssueServing(["elsewhere.ci.svc"], scenario.Now, TimeSpan.FromDays(1));
        var held = LoadedPair.Read(pair.CertificatePem, pair.KeyPem, out _)!;

        Assert.Equal(["0"], CertificateScenario.Registered(scenario.Secret["ca.crt"]).Refusing(held.Certificate, [], scenario.Now));
    }

    [Fact]
    public void Read_Garbled_TrustsNothing() =>
        Assert.Empty(TrustBundle.Read("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").Certificates);

    private static TrustBundle Bundle(params X509Certificate2[] certificates) =>
        TrustBundle.Read(string.Join('\n', certificates.Select(certificate => certificate.ExportCertificatePem())));

    private static (X509Certificate2 Root, X509Certificate2 Intermediate, X509Certificate2 Leaf) Chain()
    {
        var root = Make("CN=root", isAuthority: true, null);
        var intermediate = Make("CN=intermediate", isAuthority: true, root);
        return (root, intermediate, Make("CN=leaf", isAuthority: false, intermediate));
    }

    private static X509Certificate2 Make(string name, bool isAuthority, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        return issuer is null
            ? request.CreateSelfSigned(Now.AddHours(-1), Now.AddHours(1))
            : request.Create(issuer, issuer.NotBefore, issuer.NotAfter, [1, 2, 3]).CopyWithPrivateKey(key);
    }
}
