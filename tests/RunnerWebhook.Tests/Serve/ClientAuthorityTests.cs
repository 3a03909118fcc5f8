using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RunnerWebhook.Certificates;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary><c>--client-ca</c>: who may call the review port, and what others see.</summary>
public sealed class ClientAuthorityTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly MountedFolder _mount = new();
    private readonly LoggedLines _log = new();
    private readonly CertificateAuthority _authority = CertificateAuthority.Create(Now - (3 * Day), 9 * Day);
    private readonly CertificateAuthority _other = CertificateAuthority.Create(Now, Day);

    [Fact]
    public async Task Caller_WithACertificateOfTheCa_IsAnswered()
    {
        Mount(_authority.Pair.CertificatePem);
        await using var server = await Start();

        Assert.Equal(HttpStatusCode.OK, await Ask(server, Issued(_authority)));
        Assert.Empty(_log.With("refused a caller"));
    }

    [Fact]
    public async Task Caller_WithoutACertificate_IsRefusedInOneLineAndHealthIsNot()
    {
        Mount(_authority.Pair.CertificatePem);
        await using var server = await Start();

        Assert.Null(await Ask(server, null));

        await Wait.Until(() => Task.FromResult(_log.With("refused a caller").Length > 0));
        var line = Assert.Single(_log.With("refused a caller"));
        Assert.Contains("it sent no client certificate", line, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await server.Admin("/livez"));
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await server.Admin("/readyz"));
        Assert.Contains("[+]client-ca: 1 trusted\n", (await server.Admin("/readyz?verbose")).Text, StringComparison.Ordinal);
    }

    public static IEnumerable<TheoryDataRow<string, string>> Wrong() =>
    [
        new("another CA's", "is not among the trusted certificates"), new("expired", "NotTimeValid"), new("for servers", "NotValidForUsage"),
        new("self-signed", "is not among the trusted certificates"),
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Caller_WithAWrongCertificate_IsRefusedWithTheReason(string which, string reason)
    {
        Mount(_authority.Pair.CertificatePem);
        await using var server = await Start();
        var pair = which switch
        {
            "another CA's" => _other.IssueClient("CN=kube-apiserver", Now, Day),
            "expired" => _authority.IssueClient("CN=kube-apiserver", Now - (2 * Day), Day),
            "for servers" => _authority.IssueServing(["kube-apiserver"], Now, Day),
            _ => SelfSigned(),
        };

        Assert.Null(await Ask(server, Load(pair)));

        await Wait.Until(() => Task.FromResult(_log.With("refused a caller").Length > 0));
        Assert.Contains(reason, Assert.Single(_log.With("refused a caller")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_Replaced_IsFollowedAndABadOneIsNot()
    {
        Mount(_authority.Pair.CertificatePem);
        await using var server = await Start();
        Assert.Equal(HttpStatusCode.OK, await Ask(server, Issued(_authority)));

        Mount("no certificate at all");
        await Wait.Until(async () => (await server.Admin("/readyz?verbose")).Text.Contains("[!]client-ca: 1 trusted; ", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await Ask(server, Issued(_authority)));
        Assert.Null(await Ask(server, Issued(_other)));

        Mount(_authority.Pair.CertificatePem + _other.Pair.CertificatePem);
        await Wait.Until(async () => await Ask(server, Issued(_other)) == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await Ask(server, Issued(_authority)));

        Mount(_other.Pair.CertificatePem);
        await Wait.Until(async () => await Ask(server, Issued(_authority)) is null);
    }

    [Theory]
    [InlineData(-9, -8)]
    [InlineData(8, 9)]
    public async Task File_OfCasThatAreNotValidNow_ReplacesNothing(int from, int to)
    {
        Mount(_authority.Pair.CertificatePem);
        await using var server = await Start();
        using var unfit = CertificateAuthority.Create(Now + (from * Day), (to - from) * Day);

        Mount(unfit.Pair.CertificatePem);

        await Wait.Until(async () => (await server.Admin("/readyz?verbose")).Text.Contains(
            "its certificates have expired, or are not valid yet", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await Ask(server, Issued(_authority)));

        Mount(unfit.Pair.CertificatePem + _other.Pair.CertificatePem);
        await Wait.Until(async () => await Ask(server, Issued(_other)) == HttpStatusCode.OK);
    }

    [Fact]
    public async Task File_NotThereYet_LetsNobodyInAndIsNotReady()
    {
        await using var server = await Start();

        Assert.Null(await Ask(server, Issued(_authority)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Admin("/readyz")).Status);
        Assert.Contains("[-]client-ca: none yet; ", (await server.Admin("/readyz?verbose")).Text, StringComparison.Ordinal);
        Assert.Single(_log.With("no caller is answered until the file of --client-ca can be used: "));

        Mount(_authority.Pair.CertificatePem);
        await Wait.Until(async () => await Ask(server, Issued(_authority)) == HttpStatusCode.OK);
    }

    public void Dispose()
    {
        _mount.Dispose();
        _log.Dispose();
        _authority.Dispose();
        _other.Dispose();
    }

    private static X509Certificate2 Issued(CertificateAuthority authority) => Load(authority.IssueClient("CN=kube-apiserver", Now, Day));

    private static X509Certificate2 Load(KeyPair pair)
    {
        using var pem = X509Certificate2.CreateFromPem(pair.CertificatePem, pair.KeyPem);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private static KeyPair SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=kube-apiserver", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now - Day, Now + Day);
        return new(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    // Null if the connection is refused.
    private static async Task<HttpStatusCode?> Ask(RunningServer server, X509Certificate2? certificate)
    {
        using var client = server.NewClient(configure: handler =>
            handler.SslOptions.ClientCertificateContext = certificate is null ? null
                : System.Net.Security.SslStreamCertificateContext.Create(certificate, [], offline: true));
        using var content = RunningServer.Json(Reviews.Create(SampleObjects.Pod()));
        try
        {
            using var response = await client.PostAsync(new Uri("/mutate", UriKind.Relative), content, TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private void Mount(string pem) => _mount.Swap(new() { ["ca.crt"] = pem });

    private Task<RunningServer> Start() => RunningServer.Start(new()
    {
        ConfigFile = SampleObjects.ConfigFile,
        Certificates = new() { ClientAuthorityFile = _mount.PathOf("ca.crt") },
        ReloadInterval = TimeSpan.FromMilliseconds(50),
    }, _log);
}
