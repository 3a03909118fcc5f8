using System.Net;
using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Files that change under a running server, as kubelet changes them.</summary>
public sealed class ReloadTests : IDisposable
{
    private readonly MountedFolder _mount = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Certificate_FolderSwapped_IsServedWithoutADroppedRequest()
    {
        _mount.Swap(TestPair.Create("one"));
        await using var server = await Start();
        var failed = 0;
        using var stop = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var client = server.NewClient();
                using var content = RunningServer.Json(Reviews.Create(SampleObjects.Pod()));
                using var response = await client.PostAsync(new Uri("/mutate", UriKind.Relative), content, Cancellation);
                failed += response.StatusCode == HttpStatusCode.OK ? 0 : 1;
            }
        }, Cancellation);

        _mount.Swap(TestPair.Create("two"));
        await Wait.Until(async () => await Subject(server) == "CN=two");
        _mount.Swap(TestPair.Create("three"));
        await Wait.Until(async () => await Subject(server) == "CN=three");

        await stop.CancelAsync();
        await load;
        Assert.Equal(0, failed);
    }

    [Fact]
    public async Task Certificate_PairThatDoesNotFit_LeavesTheOneBeforeInService()
    {
        _mount.Swap(TestPair.Create("one"));
        await using var server = await Start();

        _mount.Swap(new() { ["tls.crt"] = TestPair.Create("two")["tls.crt"], ["tls.key"] = TestPair.Create("other")["tls.key"] });
        await Wait.Until(async () => await ReloadFailed(server, "certificate") == 1);
        Assert.Equal("CN=one", await Subject(server));
        Assert.Contains("[!]certificate:", await Verbose(server));

        _mount.Swap(TestPair.Create("two"));
        await Wait.Until(async () => await Subject(server) == "CN=two");
        await Wait.Until(async () => await ReloadFailed(server, "certificate") == 0);
    }

    [Fact]
    public async Task Configuration_Edited_IsTakenIntoForce()
    {
        var good = await File.ReadAllTextAsync(SampleObjects.ConfigFile, Cancellation);
        _mount.Swap(new(TestPair.Create("one")) { ["config.yaml"] = good });
        await using var server = await Start(config: true);
        Assert.Contains("--docker-image=docker:27", await PatchText(server));

        _mount.Swap(new(TestPair.Create("one")) { ["config.yaml"] = good.Replace("docker:27", "docker:28", StringComparison.Ordinal) });

        await Wait.Until(async () => (await PatchText(server)).Contains("--docker-image=docker:28", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Configuration_BadEdit_KeepsTheLastGoodOneAndSaysSo()
    {
        var good = await File.ReadAllTextAsync(SampleObjects.ConfigFile, Cancellation);
        _mount.Swap(new(TestPair.Create("one")) { ["config.yaml"] = good });
        await using var server = await Start(config: true);

        _mount.Swap(new(TestPair.Create("one")) { ["config.yaml"] = good.Replace("tag-list", "tag-lst", StringComparison.Ordinal) });
        await Wait.Until(async () => await ReloadFailed(server, "configuration") == 1);

        Assert.Contains("--docker-image=docker:27", await PatchText(server));
        var verbose = await Verbose(server);
        Assert.Matches(@"\[!\]configuration: revision [0-9a-f]{12}; .*", verbose);
        Assert.Contains("config.yaml:8:7: profiles.default.register.tag-lst: is not a known register option (did you mean 'tag-list'?)", verbose);
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await server.Admin("/readyz"));

        _mount.Swap(new(TestPair.Create("one")) { ["config.yaml"] = good });
        await Wait.Until(async () => await ReloadFailed(server, "configuration") == 0);
    }

    public void Dispose() => _mount.Dispose();

    private static async Task<string> Subject(RunningServer server)
    {
        var subject = "";
        using var client = server.NewClient(configure: handler =>
#pragma warning disable CA5359 // Only the certificate's name is looked at.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                subject = certificate!.Subject;
                return true;
            });
#pragma warning restore CA5359
        using var response = await client.GetAsync(new Uri("/", UriKind.Relative), Cancellation);
        return subject;
    }

    private static async Task<double> ReloadFailed(RunningServer server, string what)
    {
        var line = (await server.Admin("/metrics")).Text.Split('\n').Single(
            line => line.StartsWith($"gitlab_runner_webhook_{what}_reload_failed", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<string> Verbose(RunningServer server) => (await server.Admin("/readyz?verbose")).Text;

    private static async Task<string> PatchText(RunningServer server) =>
        RunningServer.PatchOf(await server.Review(Reviews.Create(SampleObjects.Pod())));

    private Task<RunningServer> Start(bool config = false) => RunningServer.Start(new ServeOptions
    {
        Certificates = new() { CertificateFile = _mount.PathOf("tls.crt"), KeyFile = _mount.PathOf("tls.key") },
        ConfigFile = config ? _mount.PathOf("config.yaml") : null,
        ReloadInterval = TimeSpan.FromMilliseconds(50),
    });
}
