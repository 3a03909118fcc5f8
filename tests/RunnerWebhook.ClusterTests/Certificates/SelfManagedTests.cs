using System.Text.Json;
using RunnerWebhook.Certificates;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;
using Xunit;

namespace RunnerWebhook.ClusterTests.Certificates;

/// <summary>Certificates that replicas make themselves, on a real API server, with the rights that are shipped.</summary>
public sealed class SelfManagedTests(Cluster cluster)
{
    private const int Rounds = 50;

    private static readonly Uri Nowhere = new("https://127.0.0.1:1/mutate");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_ThreeReplicasFromNothing_AlwaysShareOneAuthority()
    {
        cluster.Require();
        await using var self = await SelfManagedCluster.Create(cluster, Nowhere, Nowhere);
        for (var round = 1; round <= Rounds; round++)
        {
            await self.Reset();
            await self.ClearCaBundles();
            var replicas = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Replica.Start(self.Options()))));
            try
            {
                await Task.WhenAll(replicas.Select(replica => replica.Ready()));

                var (stored, live) = (await self.Stored(), await self.Live());
                Assert.Equal([stored.Authority!.Certificate], stored.Trusted.Certificates);
                Assert.All(live.Webhooks, webhook => Assert.Equal([stored.Authority.Certificate], webhook.Trusted.Certificates));
                foreach (var replica in replicas)
                {
                    Assert.Equal(stored.Serving!.Certificate, await replica.Connect(live));
                }

                Assert.Single(replicas.SelectMany(replica => replica.Log.Lines), line => line.StartsWith("NewAuthority: ", StringComparison.Ordinal));
            }
            finally
            {
                foreach (var replica in replicas)
                {
                    await replica.DisposeAsync();
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbled")]
    public async Task CaBundle_ChangedByOthers_IsSetAgainAndNothingElse(string pem)
    {
        cluster.Require();
        await using var self = await SelfManagedCluster.Create(cluster, Nowhere, Nowhere);
        await using var replica = await Replica.Start(self.Options());
        await replica.Ready();
        var before = await self.Registered();

        await self.Tamper(pem);

        await Cluster.Until("repair of the caBundle", async () => (await self.Live()).Webhooks.All(webhook => webhook.Trusted.Certificates.Count == 1));
        var after = await self.Registered();
        Assert.Equal(before.GetProperty("webhooks").GetRawText(), after.GetProperty("webhooks").GetRawText());
        Assert.Equal(["f:webhooks"], Owned(after).EnumerateObject().Select(field => field.Name));
        Assert.All(Owned(after).GetProperty("f:webhooks").EnumerateObject(), webhook =>
            Assert.Equal("""{".":{},"f:clientConfig":{"f:caBundle":{}},"f:name":{}}""", webhook.Value.GetRawText().Replace(" ", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Secret_Deleted_LeavesServingAndIsFilledWhenItIsBack()
    {
        cluster.Require();
        await using var self = await SelfManagedCluster.Create(cluster, Nowhere);
        await using var replica = await Replica.Start(self.Options(new() { Settle = TimeSpan.FromSeconds(1) }));
        await replica.Ready();
        var (stored, live) = (await self.Stored(), await self.Live());

        await self.Admin.Delete(ApiResource.Secrets, self.Space, "runner-webhook-tls", Cancellation);
        await Cluster.Until("a word about the Secret", () => Task.FromResult(replica.Log.Lines.Any(line => line.Contains(
            $"Secret {self.Space}/runner-webhook-tls does not exist, and this service account cannot create it: kubectl create secret generic runner-webhook-tls --namespace {self.Space}", StringComparison.Ordinal))));
        Assert.Equal(stored.Serving!.Certificate, await replica.Connect(live));
        Assert.Equal(200, (await replica.Readyz()).Status);

        await self.Reset();
        await Cluster.Until("a new authority beside the old one", async () => (await self.Stored()).Trusted.Certificates.Count == 2);
        await Cluster.Until("its certificate in service", async () => (await self.Stored()).Serving!.Certificate.Equals(await replica.Connect(await self.Live())));
        Assert.Contains(stored.Authority!.Certificate, (await self.Live()).AllTrusted.Certificates);
    }

    [Theory]
    [InlineData("ca.crt", "")]
    [InlineData("ca.key", "garbled")]
    [InlineData("tls.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("tls.key", "garbled")]
    public async Task Secret_Garbled_IsRepairedAndTrustedThroughout(string key, string content)
    {
        cluster.Require();
        await using var self = await SelfManagedCluster.Create(cluster, Nowhere);
        await using var replica = await Replica.Start(self.Options(new() { Settle = TimeSpan.FromSeconds(1) }));
        await replica.Ready();
        var garbled = await self.Read();
        garbled[key] = content;

        await self.Write(garbled);

        await Cluster.Until("repair of the Secret", async () => (await self.Stored()) is { Problem: "", Serving: { } serving }
            && serving.Certificate.Equals(await replica.Connect(await self.Live())));
        Assert.Equal(200, (await replica.Readyz()).Status);
    }

    [Fact]
    public async Task Secret_WithAnExpiredCertificate_IsRenewedAtStart()
    {
        cluster.Require();
        await using var self = await SelfManagedCluster.Create(cluster, Nowhere);
        var past = DateTimeOffset.UtcNow.AddDays(-100);
        using var authority = CertificateAuthority.Create(past, TimeSpan.FromDays(365));
        var expired = authority.IssueServing([.. ServiceNames.Of("runner-webhook", self.Space), "127.0.0.1"], past, TimeSpan.FromDays(90));
        await self.Write(new()
        {
            ["ca.crt"] = authority.Pair.CertificatePem,
            ["ca.key"] = authority.Pair.KeyPem,
            ["tls.crt"] = expired.CertificatePem,
            ["tls.key"] = expired.KeyPem,
        });

        await using var replica = await Replica.Start(self.Options());
        await replica.Ready();

        Assert.Contains(replica.Log.Lines, line => line.StartsWith("NewServing: wrote new certificates to Secret runner-webhook-tls: the serving certificate expired on", StringComparison.Ordinal));
        await replica.Connect(await self.Live());
        Assert.Equal(authority.Pair.CertificatePem, (await self.Stored()).Trusted.Pem);
    }

    [Fact]
    public async Task Secret_OfCertManager_IsLeftAlone()
    {
        cluster.Require();
        await using var self = await SelfManagedCluster.Create(cluster, Nowhere);
        (await cluster.Kubectl.Run("annotate", "secret", "runner-webhook-tls", "-n", self.Space, "cert-manager.io/certificate-name=runner-webhook")).Ensure();

        await using var replica = await Replica.Start(self.Options());

        await Cluster.Until("refusal", async () => (await replica.Readyz()).Text.Contains(
            $"[-]certificate: none yet; Secret {self.Space}/runner-webhook-tls belongs to cert-manager: name another with --secret-name", StringComparison.Ordinal));
        Assert.Empty(await self.Read());
    }

    [Fact]
    public async Task Serve_AsUsersStartIt_TellsTrustAndExpiryByMetrics()
    {
        cluster.Require();
        await using var self = await SelfManagedCluster.Create(cluster);
        await using var server = new ServerProcess(0, "--self-managed-certificates", "--webhook-configuration", self.Space,
            "--kubeconfig", self.Kubeconfig, "--namespace", self.Space);
        await server.Ready();

        var stored = await self.Stored();
        Assert.Equal(1, await server.Metric("gitlab_runner_webhook_ca_bundle_match"));
        Assert.Equal(1, await server.Metric("gitlab_runner_webhook_ca_bundle_repairs_total"));
        Assert.Equal(0, await server.Metric("gitlab_runner_webhook_certificate_upkeep_failed"));
        Assert.Equal(stored.Authority!.NotAfter.ToUnixTimeSeconds(), await server.Metric("gitlab_runner_webhook_ca_expiry_timestamp_seconds"));
        Assert.Equal(stored.Serving!.NotAfter.ToUnixTimeSeconds(), await server.Metric("gitlab_runner_webhook_certificate_expiry_timestamp_seconds"));
        Assert.All(ServiceNames.Of("runner-webhook", self.Space), name => Assert.True(stored.Serving.Certificate.MatchesHostname(name)));

        await self.Admin.Delete(ApiResource.Secrets, self.Space, "runner-webhook-tls", Cancellation);
        await Cluster.Until("the metric", async () => await server.Metric("gitlab_runner_webhook_certificate_upkeep_failed") == 1);
        Assert.DoesNotContain("PRIVATE KEY", await server.ReadLog());
    }

    [Fact]
    public async Task Serve_NobodyTellsTheRelease_ReadsItFromTheApiServer()
    {
        cluster.Require();
        var port = Cluster.FreePort();
        await using var self = await SelfManagedCluster.Create(cluster, new Uri($"https://127.0.0.1:{port}/mutate"));
        await using var replica = await Replica.Start(self.Options(), port);
        await replica.Ready();

        // The engine is a native sidecar where the release has them, and an ordinary container before.
        var isNative = cluster.Version >= KubernetesVersion.NativeSidecars;
        ApiAnswer? answer = null;
        await Cluster.Until("an injected pod", async () =>
        {
            answer = await self.CreatePod("dind");
            var spec = answer.Body.GetProperty("spec");
            return spec.GetProperty("containers").GetArrayLength() == (isNative ? 1 : 2)
                && spec.TryGetProperty("initContainers", out var first) && first.GetArrayLength() == (isNative ? 2 : 1);
        });

        Assert.DoesNotContain(answer!.Warnings, warning => warning.Contains("native sidecars", StringComparison.Ordinal));
        Assert.Contains(replica.Log.Lines, line => line.Contains($"the cluster runs Kubernetes {cluster.Version}", StringComparison.Ordinal));
    }

    private static JsonElement Owned(JsonElement configuration) =>
        configuration.GetProperty("metadata").GetProperty("managedFields").EnumerateArray()
            .Single(entry => entry.GetProperty("manager").GetString() == "runner-webhook").GetProperty("fieldsV1");
}
