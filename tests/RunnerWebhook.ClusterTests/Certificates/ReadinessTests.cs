using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.ClusterTests.Certificates;

/// <summary>Ready means that the API server can call.</summary>
public sealed class ReadinessTests(Cluster cluster) : IDisposable
{
    private static readonly Uri Nowhere = new("https://127.0.0.1:1/mutate");

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-ready").FullName;

    [Fact]
    public async Task Start_ApiServerLate_LivesAndBecomesReadyWhenItComes()
    {
        cluster.Require();
        await using var self = await SelfManagedCluster.Create(cluster, Nowhere);
        var port = Cluster.FreePort();
        var kubeconfig = Path.Combine(_folder, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, (await File.ReadAllTextAsync(self.Kubeconfig, TestContext.Current.CancellationToken)).Replace(
            cluster.Server.ToString().TrimEnd('/'), $"https://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        await using var replica = await Replica.Start(self.Options() with { Cluster = new(kubeconfig, null, self.Space) });
        var text = "";
        await Cluster.Until("a word about the API server", async () => (text = (await replica.Readyz()).Text).Contains(
            $"[-]certificate: none yet; the API server https://127.0.0.1:{port}/ (context token of {kubeconfig}) can't be reached: Connection refused", StringComparison.Ordinal),
            () => text);
        Assert.Equal((200, "ok\n"), await replica.Admin("/livez"));

        using var late = new Forwarder(port, cluster.Server.Port);
        await replica.Ready();
    }

    [Fact]
    public async Task Files_CaBundleThatDoesNotVouch_AreNotReadyUntilItDoes()
    {
        cluster.Require();
        await using var self = await SelfManagedCluster.Create(cluster, Nowhere);
        await using var replica = await Replica.Start(FromFiles(self, out var caPem));

        await Cluster.Until("a look at the caBundle", async () => (await replica.Readyz()).Text.Contains(
            $"[-]ca-bundle: hook-0.example.com of {self.Space} would refuse the certificate in service: there is no caBundle yet", StringComparison.Ordinal));

        await self.Tamper(caPem);
        await replica.Ready();
        Assert.Contains("[+]ca-bundle: trusts the certificate in service", (await replica.Readyz()).Text);

        using var other = new TestAuthority(_folder);
        await self.Tamper(other.Pem);
        await Cluster.Until("the end of readiness", async () => (await replica.Readyz()).Status == 503);
        Assert.Equal(200, (await replica.Admin("/livez")).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_AsCertManagerBringsThem_BecomeReadyByThemselvesAndStaySo(bool isBundleFirst)
    {
        cluster.Require();
        await using var self = await SelfManagedCluster.CreateWithRights(cluster, "components/cert-manager", Nowhere);
        using var authority = new TestAuthority(_folder);
        await using var replica = await Replica.Start(self.Options() with
        {
            Certificates = self.Options().Certificates with
            {
                SelfManaged = null,
                CertificateFile = Path.Combine(_folder, "tls.crt"),
                KeyFile = Path.Combine(_folder, "tls.key"),
            },
        });
        Assert.Contains("[-]certificate: none yet;", (await replica.Readyz()).Text, StringComparison.Ordinal);

        await Step(isBundleFirst);
        Assert.Equal(503, (await replica.Readyz()).Status);
        await Step(!isBundleFirst);
        await replica.Ready();

        // Renewed, by the same CA.
        authority.IssueServing("tls", "127.0.0.1");
        var until = DateTimeOffset.UtcNow.AddSeconds(3);
        while (DateTimeOffset.UtcNow < until)
        {
            Assert.Equal(200, (await replica.Readyz()).Status);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, replica.Log.Lines.Count(line => line.Contains("certificate loaded", StringComparison.Ordinal)));
        Assert.Contains("[+]ca-bundle: trusts the certificate in service", (await replica.Readyz()).Text, StringComparison.Ordinal);

        async Task Step(bool isBundle)
        {
            if (isBundle)
            {
                await self.Tamper(authority.Pem);
            }
            else
            {
                authority.IssueServing("tls", "127.0.0.1");
                await Cluster.Until("the certificate", async () => (await replica.Readyz()).Text.Contains("[+]certificate", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Files_NoRightOrNoConfiguration_AreReadyAndSaySo()
    {
        cluster.Require();
        await using var self = await SelfManagedCluster.Create(cluster, Nowhere);
        var options = FromFiles(self, out _);
        await using var replica = await Replica.Start(options with { Certificates = options.Certificates with { WebhookConfiguration = "other" } });
        await replica.Ready();
        Assert.Contains("[!]ca-bundle: not known; a right is missing: mutatingwebhookconfigurations.admissionregistration.k8s.io \"other\" is forbidden", (await replica.Readyz()).Text);

        await using var admin = await Replica.Start(options with { Certificates = options.Certificates with { WebhookConfiguration = "other" }, Cluster = new(cluster.Kubeconfig) });
        await admin.Ready();
        Assert.Contains("[!]ca-bundle: not known; there is no MutatingWebhookConfiguration other: no API server calls this webhook yet", (await admin.Readyz()).Text);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ServeOptions FromFiles(SelfManagedCluster self, out string caPem)
    {
        using var authority = new TestAuthority(_folder);
        authority.IssueServing("tls", "127.0.0.1");
        caPem = authority.Pem;
        return self.Options() with
        {
            Certificates = self.Options().Certificates with
            {
                SelfManaged = null,
                CertificateFile = Path.Combine(_folder, "tls.crt"),
                KeyFile = Path.Combine(_folder, "tls.key"),
            },
        };
    }

    /// <summary>Lends a server another port.</summary>
    private sealed class Forwarder : IDisposable
    {
        private readonly TcpListener _listener;

        public Forwarder(int from, int to)
        {
            _listener = new(IPAddress.Loopback, from);
            _listener.Start();
            _ = Accept(to);
        }

        public void Dispose() => _listener.Dispose();

        private async Task Accept(int to)
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    var server = new TcpClient();
                    await server.ConnectAsync(IPAddress.Loopback, to);
                    _ = client.GetStream().CopyToAsync(server.GetStream());
                    _ = server.GetStream().CopyToAsync(client.GetStream());
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
