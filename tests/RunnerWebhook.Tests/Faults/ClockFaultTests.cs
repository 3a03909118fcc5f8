using System.Net;
using RunnerWebhook.Certificates;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Faults;

/// <summary>The clock jumps under a running server.</summary>
public sealed class ClockFaultTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly JumpingClock _clock = new();
    private readonly MountedFolder _mount = new();
    private readonly CertificateAuthority _authority = CertificateAuthority.Create(DateTimeOffset.UtcNow, 400 * Day);

    [Fact]
    public async Task Clock_JumpsPastTheCertificate_EndsReadinessUntilANewCertificateIsThere()
    {
        await using var server = await Start();

        _clock.JumpTo(10 * Day);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Admin("/readyz")).Status);
        // The API server decides what it trusts; whoever calls is answered.
        Assert.True((bool)(await server.Review(Reviews.Create(SampleObjects.Pod())))["allowed"]!);

        Issue(_clock.GetUtcNow());
        await Wait.Until(async () => (await server.Admin("/readyz")).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Clock_JumpsPastTheCertificateAndBack_IsReadyAgainByItself()
    {
        await using var server = await Start();

        _clock.JumpTo(10 * Day);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Admin("/readyz")).Status);
        _clock.JumpTo(TimeSpan.Zero);

        Assert.Equal(HttpStatusCode.OK, (await server.Admin("/readyz")).Status);
    }

    [Fact]
    public async Task Clock_JumpsBackBeforeTheCertificate_ServesOnAndTakesTheNextOne()
    {
        await using var server = await Start();

        _clock.JumpTo(-10 * Day);
        Assert.Equal(HttpStatusCode.OK, (await server.Admin("/readyz")).Status);
        Assert.True((bool)(await server.Review(Reviews.Create(SampleObjects.Pod())))["allowed"]!);

        // Issued by a machine whose clock is right.
        Issue(DateTimeOffset.UtcNow);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, (await server.Admin("/readyz")).Status);
        _clock.JumpTo(TimeSpan.Zero);
        await Wait.Until(async () => (await server.Admin("/readyz?verbose")).Text.Contains("[+]certificate", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public async Task Clock_JumpsByAYear_LeavesAgesAndReloadsAlone(int days)
    {
        await using var api = await NamespaceApi.Start();
        api.Set("team-a");
        var config = _mount.PathOf("config.yaml");
        await using var server = await Start(new(api.Kubeconfig), "watchNamespaces: true\n");
        await Wait.Until(() => Task.FromResult(server.Namespaces.IsFilled && api.Watches == 1));

        _clock.JumpTo(days * Day);
        Assert.InRange(server.Namespaces.Age!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        api.Set("team-b");
        await Wait.Until(() => Task.FromResult(server.Namespaces.Count == 2));

        var content = await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken);
        Mount(content.Replace("docker:27", "docker:28", StringComparison.Ordinal));
        await Wait.Until(async () => RunningServer.PatchOf(await server.Review(Reviews.Create(SampleObjects.Pod())))
            .Contains("docker:28", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _mount.Dispose();
        _authority.Dispose();
    }

    private Task<RunningServer> Start(ClusterChoice? cluster = null, string keys = "")
    {
        _config = File.ReadAllText(SampleObjects.ConfigFile) + keys;
        Issue(DateTimeOffset.UtcNow);
        return RunningServer.Start(new()
        {
            ConfigFile = _mount.PathOf("config.yaml"),
            Certificates = new() { CertificateFile = _mount.PathOf("tls.crt"), KeyFile = _mount.PathOf("tls.key") },
            Cluster = cluster,
            ReloadInterval = TimeSpan.FromMilliseconds(50),
        }, time: _clock);
    }

    private string _config = "";
    private KeyPair? _pair;

    // For five days from then.
    private void Issue(DateTimeOffset now)
    {
        _pair = _authority.IssueServing(["localhost"], now, 5 * Day);
        Mount(_config);
    }

    private void Mount(string config)
    {
        _config = config;
        _mount.Swap(new() { ["tls.crt"] = _pair!.CertificatePem, ["tls.key"] = _pair.KeyPem, ["config.yaml"] = config });
    }
}
