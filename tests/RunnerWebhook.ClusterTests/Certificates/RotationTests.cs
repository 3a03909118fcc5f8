using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests.Certificates;

/// <summary>CAs that take turns within seconds, on a real API server.</summary>
public sealed class RotationTests(Cluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private const int FewestCalls = 150;

    [Fact]
    public async Task Rotate_WhileTheApiServerCalls_FailsNoCall()
    {
        cluster.Require();
        int[] ports = [Cluster.FreePort(), Cluster.FreePort()];
        await using var self = await SelfManagedCluster.Create(cluster, [.. ports.Select(port => new Uri($"https://127.0.0.1:{port}/mutate"))]);
        // A busy API server hears of a caBundle seconds after it was written.
        var options = self.Options(new()
        {
            AuthorityLifetime = TimeSpan.FromSeconds(60),
            ServingLifetime = TimeSpan.FromSeconds(36),
            Overlap = TimeSpan.FromSeconds(24),
            Settle = TimeSpan.FromSeconds(8),
        });
        await using var first = await Replica.Start(options, ports[0]);
        await using var second = await Replica.Start(options, ports[1]);
        await first.Ready();
        await second.Ready();
        string? refusal = null;
        await Cluster.Until("the API server's calling the webhooks", async () => (refusal = await Try(() => self.CreatePod())) is null, () => refusal!);

        var (calls, failures) = (0, new List<string>());
        var end = DateTime.UtcNow.AddSeconds(90);
        var authorities = new HashSet<string>();
        // On a busy machine the calls take longer, and so does the test.
        while (DateTime.UtcNow < end || calls < FewestCalls)
        {
            // Long before: what the API server has heard of by now.
            var live = await self.Live();
            authorities.UnionWith(live.AllTrusted.Certificates.Select(certificate => certificate.Subject));
            calls++;
            failures.AddRange(new[] { await Try(() => self.CreatePod()), await Try(() => first.Connect(live)), await Try(() => second.Connect(live)) }.OfType<string>());
            if (calls == 100)
            {
                // By force: the CA's key may have leaked.
                await self.Reset();
            }

            await Task.Delay(50, Cancellation);
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures.Distinct()));
        Assert.InRange(calls, FewestCalls, int.MaxValue);
        var written = first.Log.Lines.Concat(second.Log.Lines).Where(line => line.Contains("wrote new certificates", StringComparison.Ordinal)).ToArray();
        Assert.InRange(written.Count(line => line.StartsWith("NewAuthority: ", StringComparison.Ordinal)), 3, 6);
        Assert.InRange(written.Count(line => line.StartsWith("DropOldAuthorities: ", StringComparison.Ordinal)), 1, 6);
        Assert.InRange(written.Count(line => line.StartsWith("NewServing: ", StringComparison.Ordinal)), 1, 12);
        Assert.InRange(authorities.Count, 3, 6);
        Figures.Add("{0} creates while {1} CAs took turns: 0 failed", calls, authorities.Count);
    }

    private static async Task<string?> Try<T>(Func<Task<T>> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (Exception e) when (e is ApiException or InvalidOperationException or IOException)
        {
            return e.Message;
        }
    }
}
