using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Serve;
using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>As many namespaces as Kubernetes' own limits name, on a real API server that no other test uses. No controllers
/// run there: they would fill every namespace, long after the test.</summary>
[Collection(NamespaceScaleCollection.Name)]
public sealed class NamespaceScaleTests : IAsyncLifetime
{
    private const int Count = 10_000;

    private readonly Cluster _cluster = new() { HasControllers = false };

    private string ConfigFile => Path.Combine(_cluster.Folder, "config.yaml");

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task TenThousandNamespaces_OnARealApiServer_AreListedInSecondsAndKeptInFewMegabytes()
    {
        _cluster.Require();
        var create = await Create();
        Configure(watch: false);
        await using var server = WebhookServer.Build(new()
        {
            ConfigFile = ConfigFile,
            Port = 0,
            AdminPort = 0,
            LoopbackOnly = true,
            Cluster = new(_cluster.Kubeconfig),
            ReloadInterval = TimeSpan.FromMilliseconds(50),
            Drain = TimeSpan.Zero,
        }, logging => logging.ClearProviders());
        await server.StartAsync(TestContext.Current.CancellationToken);
        var namespaces = server.Services.GetRequiredService<NamespaceDirectory>();

        var fill = Stopwatch.StartNew();
        Configure(watch: true);
        await Cluster.Until("list of namespaces", () => Task.FromResult(namespaces.Count >= Count));
        fill.Stop();
        using var client = ClusterConnection.Open(new(_cluster.Kubeconfig), Environment.GetEnvironmentVariable);
        await client.Create(ApiResource.Namespaces, null, Namespace(Count), cancellation: TestContext.Current.CancellationToken);
        var news = Stopwatch.StartNew();
        var added = await namespaces.Find(NameOf(Count), TestContext.Current.CancellationToken);
        news.Stop();
        // What is freed with the directory is what it kept: pools of the HTTP client stay as they are in between.
        var filled = GC.GetTotalMemory(forceFullCollection: true);
        Configure(watch: false);
        await Cluster.Until("end of the watch", () => Task.FromResult(!namespaces.IsFilled));
        var kept = (filled - GC.GetTotalMemory(forceFullCollection: true)) / 1024 / 1024.0;
        await server.StopAsync(TestContext.Current.CancellationToken);

        Figures.Add("{0} namespaces: created in {1:0.0} s, listed in {2:0.0} s, the next one heard of "
            + "in {3} ms, {4:0.0} MiB kept", Count, create.TotalSeconds, fill.Elapsed.TotalSeconds, news.ElapsedMilliseconds, kept);
        Assert.Equal("1", added!.Annotations["gitlab-runner/limit"]);
        Assert.InRange(fill.Elapsed.TotalSeconds, 0, 20);
        Assert.InRange(kept, 1, 40);
    }

    private static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"namespace-{index:00000}");

    private static JsonObject Namespace(int index) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject
        {
            ["name"] = NameOf(index),
            ["labels"] = new JsonObject { ["team"] = $"team-{index % 100}", ["pod-security.kubernetes.io/enforce"] = "baseline" },
            ["annotations"] = new JsonObject { ["gitlab-runner/limit"] = "1", ["example.com/owner"] = new string('x', 200) },
        },
    };

    private async Task<TimeSpan> Create()
    {
        using var client = ClusterConnection.Open(new(_cluster.Kubeconfig), Environment.GetEnvironmentVariable);
        var watch = Stopwatch.StartNew();
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (index, cancellation) =>
            await client.Create(ApiResource.Namespaces, null, Namespace(index), cancellation: cancellation));
        return watch.Elapsed;
    }

    private void Configure(bool watch)
    {
        File.WriteAllText(ConfigFile + ".next", Webhook.Configuration + $"watchNamespaces: {(watch ? "true" : "false")}\n");
        File.Move(ConfigFile + ".next", ConfigFile, overwrite: true);
    }
}

/// <summary>Runs alone: memory and time are measured.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NamespaceScaleCollection
{
    public const string Name = "namespaces by the thousand";
}
