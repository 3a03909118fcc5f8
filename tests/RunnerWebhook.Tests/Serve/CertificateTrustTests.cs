using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RunnerWebhook.Certificates;
using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Certificates from files with <c>--webhook-configuration</c>: a pair that the live caBundle trusts is never given
/// up for one that it does not trust, or that is of no use.</summary>
public sealed class CertificateTrustTests : IAsyncLifetime
{
    private const string Registration = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/runner-webhook";

    private readonly MountedFolder _mount = new();
    private readonly CertificateAuthority _old = CertificateAuthority.Create(DateTimeOffset.UtcNow, TimeSpan.FromDays(30));
    private readonly CertificateAuthority _new = CertificateAuthority.Create(DateTimeOffset.UtcNow, TimeSpan.FromDays(30));
    private readonly LoggedLines _log = new();
    private NamespaceApi _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await NamespaceApi.Start();
        Trust(_old);
        _mount.Swap(Files(Issue(_old)));
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _mount.Dispose();
        _old.Dispose();
        _new.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task NewAuthority_NotInTheBundleYet_LeavesTheTrustedPairInServiceAndReady()
    {
        await using var server = await Ready();

        _mount.Swap(Files(Issue(_new)));
        await Wait.Until(async () => (await Verbose(server)).Contains(
            "; the certificate offered since waits: the live caBundle of pods.runner-webhook.local does not trust it\n", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await server.Admin("/readyz")).Status);
        Assert.True(Trusts(_old, await Served(server)));
        Assert.Single(_log.With("is not served yet"));
        Assert.Equal("1", await Metric(server, "certificate_waiting"));

        Trust(_old, _new);
        await Wait.Until(async () => Trusts(_new, await Served(server)));
        Assert.Equal(HttpStatusCode.OK, (await server.Admin("/readyz")).Status);
        Assert.Equal("0", await Metric(server, "certificate_waiting"));
    }

    [Fact]
    public async Task NewAuthority_AloneInTheBundle_IsServedAtOnce()
    {
        await using var server = await Ready();
        _mount.Swap(Files(Issue(_new)));
        await Wait.Until(async () => (await Verbose(server)).Contains("waits", StringComparison.Ordinal));

        Trust(_new);

        await Wait.Until(async () => Trusts(_new, await Served(server)) && (await server.Admin("/readyz")).Status == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("expired", "cannot be used|waits: it expired on")]
    [InlineData("not yet valid", "waits: it is not valid before")]
    [InlineData("other key", "cannot be used")]
    [InlineData("truncated certificate", "cannot be used")]
    [InlineData("truncated key", "cannot be used")]
    [InlineData("empty", "cannot be used")]
    [InlineData("swapped", "cannot be used")]
    public async Task Pair_OfNoUse_NeverReplacesAValidOne(string kind, string word)
    {
        await using var server = await Ready();

        _mount.Swap(Broken(kind));

        await Wait.Until(async () => System.Text.RegularExpressions.Regex.IsMatch(await Verbose(server), $@"(?m)^\[!\]certificate: .*({word})"));
        Assert.Equal(HttpStatusCode.OK, (await server.Admin("/readyz")).Status);
        Assert.True(Trusts(_old, await Served(server)));
        Assert.NotNull(await server.Review(Reviews.Create(SampleObjects.Pod())));

        _mount.Swap(Files(Issue(_old)));
        await Wait.Until(async () => (await Verbose(server)).Contains("[+]certificate", StringComparison.Ordinal));
    }

    // A busy machine takes longer than a second for less.
    [Fact(DisableParallelization = true)]
    public async Task Readiness_BundleThatRefuses_IsBackWithinASecondOfItsRepair()
    {
        await using var server = await Ready(TimeSpan.FromMilliseconds(200));
        Trust(_new);
        await Wait.Until(async () => (await server.Admin("/readyz")).Status == HttpStatusCode.ServiceUnavailable);

        // Right after a read of the bundle, so that the next one is a whole pause away.
        Trust(_old);
        var repaired = TimeProvider.System.GetTimestamp();
        await Wait.Until(async () => (await server.Admin("/readyz")).Status == HttpStatusCode.OK);

        Assert.InRange(TimeProvider.System.GetElapsedTime(repaired).TotalSeconds, 0, 1.5);
    }

    [Fact]
    public async Task NewPair_Offered_MakesTheBundleBeReadAtOnce()
    {
        // The usual interval is far longer than this test.
        await using var server = await Ready(TimeSpan.FromMinutes(10));
        Trust(_new);
        var before = _log.With("certificate loaded").Length;

        _mount.Swap(Files(Issue(_new)));

        await Wait.Until(async () => (await server.Admin("/readyz")).Status == HttpStatusCode.OK && Trusts(_new, await Served(server)));
        Assert.Equal(before + 1, _log.With("certificate loaded").Length);
    }

    [Fact]
    public async Task Log_LeafWithoutSubject_ShowsItsNames()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("runner-webhook.default.svc");
        names.AddDnsName("runner-webhook.default.svc.cluster.local");
        request.CertificateExtensions.Add(names.Build(critical: true));
        using var leaf = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        _mount.Swap(Files(new(leaf.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem())));
        _api.Keep(Registration, Json(leaf.ExportCertificatePem()));

        await using var server = await Ready();

        Assert.Single(_log.With("certificate loaded: runner-webhook.default.svc, runner-webhook.default.svc.cluster.local, valid until "));
    }

    private static KeyPair Issue(CertificateAuthority authority, DateTimeOffset? now = null, TimeSpan? lifetime = null) =>
        authority.IssueServing(ServiceNames.Of("runner-webhook", "default"), now ?? DateTimeOffset.UtcNow, lifetime ?? TimeSpan.FromDays(1));

    private static Dictionary<string, string> Files(KeyPair pair) => new() { ["tls.crt"] = pair.CertificatePem, ["tls.key"] = pair.KeyPem };

    private static string Json(string pem) => $$$"""
        {"apiVersion":"admissionregistration.k8s.io/v1","kind":"MutatingWebhookConfiguration","metadata":{"name":"runner-webhook"},
         "webhooks":[{"name":"pods.runner-webhook.local","clientConfig":{"service":{"namespace":"default","name":"runner-webhook"},
         "caBundle":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(pem))}}}"}}]}
        """;

    private static bool Trusts(CertificateAuthority authority, X509Certificate2 leaf) =>
        TrustBundle.Read(authority.Pair.CertificatePem).Vouches(leaf, [], DateTimeOffset.UtcNow);

    private static async Task<string> Verbose(RunningServer server) => (await server.Admin("/readyz?verbose")).Text;

    private static async Task<string> Metric(RunningServer server, string name) => (await server.Admin("/metrics")).Text.Split('\n')
        .Single(line => line.StartsWith($"gitlab_runner_webhook_{name}", StringComparison.Ordinal)).Split(' ')[1];

    private static async Task<X509Certificate2> Served(RunningServer server)
    {
        X509Certificate2? leaf = null;
        using var client = server.NewClient(configure: handler =>
#pragma warning disable CA5359 // The certificate is judged by the test.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                leaf = X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData());
                return true;
            });
#pragma warning restore CA5359
        using var response = await client.GetAsync(new Uri("/", UriKind.Relative), Cancellation);
        return leaf!;
    }

    private Dictionary<string, string> Broken(string kind)
    {
        var now = DateTimeOffset.UtcNow;
        var (good, other) = (Files(Issue(_old)), Files(Issue(_old)));
        return kind switch
        {
            "expired" => Files(Issue(_old, now.AddMinutes(-30), TimeSpan.FromMinutes(10))),
            "not yet valid" => Files(Issue(_old, now.AddDays(2))),
            "other key" => new(good) { ["tls.key"] = other["tls.key"] },
            "truncated certificate" => new(good) { ["tls.crt"] = good["tls.crt"][..200] },
            "truncated key" => new(good) { ["tls.key"] = good["tls.key"][..60] },
            "empty" => new() { ["tls.crt"] = "", ["tls.key"] = "" },
            _ => new() { ["tls.crt"] = good["tls.key"], ["tls.key"] = good["tls.crt"] },
        };
    }

    private void Trust(params CertificateAuthority[] authorities) =>
        _api.Keep(Registration, Json(string.Concat(authorities.Select(authority => authority.Pair.CertificatePem))));

    private async Task<RunningServer> Ready(TimeSpan? interval = null)
    {
        var server = await RunningServer.Start(new ServeOptions
        {
            Certificates = new()
            {
                CertificateFile = _mount.PathOf("tls.crt"),
                KeyFile = _mount.PathOf("tls.key"),
                WebhookConfiguration = "runner-webhook",
                UpkeepInterval = interval ?? TimeSpan.FromSeconds(5),
            },
            Cluster = new(_api.Kubeconfig),
            ReloadInterval = TimeSpan.FromMilliseconds(50),
        }, _log);
        await Wait.Until(async () => (await server.Admin("/readyz")).Status == HttpStatusCode.OK);
        return server;
    }
}
