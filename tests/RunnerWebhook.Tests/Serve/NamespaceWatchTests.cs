using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>What the server knows of namespaces, and what it does where the API server can't be heard.</summary>
public sealed partial class NamespaceWatchTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-watch").FullName;
    private NamespaceApi _api = null!;

    private string ConfigFile => Path.Combine(_folder, "config.yaml");

    public async ValueTask InitializeAsync()
    {
        _api = await NamespaceApi.Start();
        Configure(watch: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Namespaces_ListedAndWatched_AreKnownAsTheyChange()
    {
        _api.Set("a", ("gitlab-runner/limit", "1"), ("other", "x"));
        _api.Set("b");
        await using var server = await Start();
        await Eventually(server, () => Task.FromResult(_api.Watches == 1));

        _api.Set("a", ("gitlab-runner/limit", "2"));
        _api.Set("c", ("gitlab-runner/limit", "3"));
        _api.Delete("b");

        await Eventually(server, async () => await LimitOf(server, "a") == "2" && await LimitOf(server, "c") == "3"
            && server.Namespaces.Count == 2);
        Assert.Equal(2, server.Namespaces.Count);
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await server.Admin("/readyz"));
        Assert.Matches(@"(?m)^\[\+\]namespaces: 2 known, as of \d+ s ago$", await Verbose(server));
    }

    [Fact]
    public async Task Annotations_OfOthers_AreNotKept()
    {
        _api.Set("a", ("gitlab-runner/limit", "1"), ("other", "x"));
        await using var server = await Start();
        await Eventually(server, () => Task.FromResult(server.Namespaces.IsFilled));

        var known = await server.Namespaces.Find("a", TestContext.Current.CancellationToken);

        Assert.Equal(["gitlab-runner/limit"], known!.Annotations.Keys);
        Assert.Equal("production", known.Labels["environment"]);
    }

    [Fact]
    public async Task Server_UntilNamespacesAreListed_IsNotReadyAndSaysWhy()
    {
        _api.Refusal = 403;
        await using var server = await Start();
        await Eventually(server, async () => (await Verbose(server)).Contains("forbidden", StringComparison.Ordinal));

        var (status, _) = await server.Admin("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("[-]namespaces: not listed yet; a right is missing: namespaces is forbidden", await Verbose(server));
        Assert.Null(await Metric(server, "namespaces_age_seconds"));

        _api.Refusal = 0;
        await Eventually(server, async () => (await server.Admin("/readyz")).Status == HttpStatusCode.OK);
        Assert.True(await Metric(server, "namespaces_age_seconds") is >= 0 and < 5, (await server.Admin("/metrics")).Text);
    }

    // 404 is what the stand-in says of everything it isn't told to keep.
    [Fact]
    public async Task Release_NotTold_HoldsNothingUpAndIsLoggedOnce()
    {
        using var log = new LoggedLines();
        _api.Refusal = 403;
        await using var server = await Start(log);
        await Eventually(server, () => Task.FromResult(_api.Lists >= 2));

        _api.Refusal = 0;
        await Eventually(server, async () => (await server.Admin("/readyz")).Status == HttpStatusCode.OK);

        var line = Assert.Single(log.With("release is not known"));
        Assert.StartsWith("Warning RunnerWebhook.Serve.ClusterRelease:", line, StringComparison.Ordinal);
        Assert.Contains("--kubernetes-version", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_Told_IsKnownBeforeTheServerIsReady()
    {
        _api.Keep("/version", """{"gitVersion":"v1.31.4+k3s1","metadata":{}}""");
        using var log = new LoggedLines();
        await using var server = await Start(log);

        await Eventually(server, async () => (await server.Admin("/readyz")).Status == HttpStatusCode.OK);

        Assert.Single(log.With("the cluster runs Kubernetes 1.31"));
    }

    [Fact]
    public async Task Watch_EndedByTheServer_GoesOnFromTheLastBookmark()
    {
        _api.Set("a");
        await using var server = await Start();
        await Eventually(server, () => Task.FromResult(_api.Watches == 1));

        _api.Bookmark("4711");
        _api.EndWatches();

        await Eventually(server, () => Task.FromResult(_api.WatchedFrom == "4711"));
        Assert.Equal(1, _api.Lists);
    }

    [Fact]
    public async Task Watch_Expired_IsListedAnew()
    {
        _api.Set("a");
        _api.Set("b");
        await using var server = await Start();
        await Eventually(server, () => Task.FromResult(_api.Watches == 1));

        _api.Delete("b", isHeard: false);
        _api.Expire();

        await Eventually(server, () => Task.FromResult(server.Namespaces.Count == 1));
        Assert.DoesNotContain("[!]namespaces", await Verbose(server));
    }

    [Fact]
    public async Task Connection_Lost_LeavesWhatWasHeardInForceAndSaysSo()
    {
        _api.Set("a", ("gitlab-runner/limit", "1"));
        await using var server = await Start();
        await Eventually(server, () => Task.FromResult(_api.Watches == 1));

        _api.Refusal = 503;
        _api.Break();
        await Eventually(server, async () => (await Verbose(server)).Contains("[!]namespaces: 1 known, as of ", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.OK, "ok\n"), await server.Admin("/readyz"));
        Assert.Equal("1", await LimitOf(server, "a"));
        Assert.NotNull(await Metric(server, "namespaces_age_seconds"));

        _api.Refusal = 0;
        _api.Set("a", ("gitlab-runner/limit", "2"));
        await Eventually(server, async () => await LimitOf(server, "a") == "2");
        Assert.Contains("[+]namespaces: 1 known", await Verbose(server));
    }

    [Fact]
    public async Task Configuration_SwitchedOffAndOn_ForgetsAndListsAnew()
    {
        _api.Set("a", ("gitlab-runner/limit", "1"));
        await using var server = await Start();
        await Eventually(server, () => Task.FromResult(_api.Watches == 1));

        Configure(watch: false);
        await Eventually(server, () => Task.FromResult(!server.Namespaces.IsFilled && _api.Watches == 0));
        Assert.DoesNotContain("namespaces", await Verbose(server));
        Assert.Null(await LimitOf(server, "a"));

        Configure(watch: true);
        await Eventually(server, async () => await LimitOf(server, "a") == "1");
    }

    // Other tests would take and free memory meanwhile.
    [Fact(DisableParallelization = true)]
    public async Task Watch_TenThousandNamespaces_AreListedInSecondsAndKeptInFewMegabytes()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _api.Set(string.Create(CultureInfo.InvariantCulture, $"namespace-{i:00000}"), ("gitlab-runner/limit", "1"));
        }

        Configure(watch: false);
        await using var server = await Start();
        var kept = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Configure(watch: true);
            await Eventually(server, () => Task.FromResult(server.Namespaces.Count == 10_000));
            var elapsed = Stopwatch.GetElapsedTime(start);
            // What is freed with the directory is what it kept: the pools of client and server stay in between. What else
            // the process frees or takes meanwhile moves one measurement, hardly two of three.
            var filled = GC.GetTotalMemory(forceFullCollection: true);
            Configure(watch: false);
            await Eventually(server, () => Task.FromResult(!server.Namespaces.IsFilled));
            kept.Add((filled - GC.GetTotalMemory(forceFullCollection: true)) / 1024 / 1024.0);
            TestContext.Current.SendDiagnosticMessage("10,000 namespaces: {0:0.0} s, {1:0.0} MiB kept", elapsed.TotalSeconds, kept[^1]);
            Assert.InRange(elapsed.TotalSeconds, 0, 20);
        }

        Assert.InRange(kept.Order().ElementAt(1), 1, 24);
    }

    private Task<RunningServer> Start(LoggedLines? log = null) => RunningServer.Start(new ServeOptions
    {
        ConfigFile = ConfigFile,
        ReloadInterval = TimeSpan.FromMilliseconds(50),
        Cluster = new(_api.Kubeconfig),
    }, log);

    private void Configure(bool watch)
    {
        var next = ConfigFile + ".next";
        File.WriteAllText(next, File.ReadAllText(SampleObjects.ConfigFile) + $"watchNamespaces: {(watch ? "true" : "false")}\n");
        File.Move(next, ConfigFile, overwrite: true);
    }

    private static async Task Eventually(RunningServer server, Func<Task<bool>> condition)
    {
        for (var i = 0; i < 400; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail("not within 20 seconds:\n" + await Verbose(server));
    }

    private static async Task<string> Verbose(RunningServer server) => (await server.Admin("/readyz?verbose")).Text;

    private static async Task<double?> Metric(RunningServer server, string name)
    {
        var text = (await server.Admin("/metrics")).Text;
        var match = Regex.Match(text, $@"(?m)^gitlab_runner_webhook_{name}(?:{{.*}})? (\S+)");
        return match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
    }

    // What a namespace's annotation makes of a pod in it.
    private static async Task<string?> LimitOf(RunningServer server, string space)
    {
        var pod = SampleObjects.Pod();
        pod["metadata"]!["namespace"] = space;
        var patch = RunningServer.PatchOf(await server.Review(Reviews.Create(pod)));
        return Limit().Match(patch) is { Success: true } match ? match.Groups[1].Value : null;
    }

    [GeneratedRegex("--limit=(.)")]
    private static partial Regex Limit();
}
