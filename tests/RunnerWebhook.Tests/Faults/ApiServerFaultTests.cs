using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Logging;
using RunnerWebhook.Serve;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Faults;

/// <summary>The API server is away, slow, silent, or refuses: requests use what was received last, and the watch recovers by
/// itself. Time is made up; the connections are real.</summary>
public sealed class ApiServerFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly LoggedLines _log = new();
    private NamespaceApi _api = null!;
    private NamespaceDirectory _namespaces = null!;
    private NamespaceWatch _watch = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await NamespaceApi.Start();
        _api.Set("team-a");
        _namespaces = new(_time);
        var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        var options = new ServeOptions { Cluster = new(_api.Kubeconfig) };
        var configuration = new ActiveConfiguration(options, _namespaces, new LogSwitch(), loggers.CreateLogger<ActiveConfiguration>());
        configuration.Accept(RunnerConfiguration.BuiltIn with { WatchNamespaces = true });
        _watch = new(options, configuration, _namespaces, _time, loggers.CreateLogger<NamespaceWatch>());
        await _watch.StartAsync(Cancellation);
        await Wait.Until(() => Task.FromResult(_namespaces.IsFilled && _api.Watches == 1));
    }

    [Fact]
    public async Task ApiServer_GoneForAnHour_IsAskedNowAndThenAndRequestsUseWhatIsKnown()
    {
        var lists = _api.Lists;
        _api.Refusal = 503;
        _api.Break();

        await Pass(TimeSpan.FromHours(1));

        Assert.InRange(_api.Lists - lists, 30, 150);
        Assert.NotNull(await _namespaces.Find("team-a", Cancellation));
        Assert.InRange(_namespaces.Age!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(62));
        Assert.Single(_log.With("changes of namespaces are not received"));

        _api.Set("team-b");
        _api.Refusal = 0;
        await Pass(TimeSpan.FromMinutes(1));
        await Wait.Until(() => Task.FromResult(_namespaces.Count == 2));
        Assert.Null(_namespaces.Problem);
    }

    [Fact]
    public async Task Watch_SilentForMinutes_IsListedAnew()
    {
        await Pass(NamespaceWatch.MaxSilence - TimeSpan.FromSeconds(10));
        Assert.Equal(1, _api.Lists);

        // Half open: the API server believes that it has said it.
        _api.Set("team-b");
        await Wait.Until(() => Task.FromResult(_namespaces.Count == 2));
        _api.Delete("team-b", isHeard: false);
        await Pass(NamespaceWatch.MaxSilence + TimeSpan.FromMinutes(1));

        await Wait.Until(() => Task.FromResult(_api.Lists == 2 && _namespaces.Count == 1));
        Assert.Contains("has sent nothing for 3 minutes", Assert.Single(_log.With("changes of namespaces are not received")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(504)]
    [InlineData(403)]
    [InlineData(401)]
    public async Task ApiServer_RefusesForMinutes_IsNotPressedAndServedFromWhatIsKnown(int status)
    {
        var lists = _api.Lists;
        _api.Refusal = status;
        _api.Break();

        await Pass(TimeSpan.FromMinutes(10));

        Assert.InRange(_api.Lists - lists, 5, 30);
        Assert.NotNull(await _namespaces.Find("team-a", Cancellation));
        // The broken connection, and perhaps what came after it.
        Assert.InRange(_log.With("changes of namespaces are not received").Length, 1, 2);
        _api.Refusal = 0;
        await Pass(TimeSpan.FromMinutes(1));
        await Wait.Until(() => Task.FromResult(_namespaces.Problem is null));
    }

    [Fact]
    public async Task ApiServer_EndsEveryWatchAtOnce_IsNotPressed()
    {
        for (var i = 0; i < 20; i++)
        {
            _api.EndWatches();
            await Wait.Until(() => Task.FromResult(_api.Watches == 0));
            await Wait.Until(() =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(200));
                return Task.FromResult(_api.Watches == 1);
            });
        }

        Assert.Equal(1, _api.Lists);
        Assert.Empty(_log.With("changes of namespaces are not received"));
    }

    /// <summary>As if a firewall swallowed what is sent, or a resolver did not answer.</summary>
    [Fact]
    public async Task ApiServer_AcceptsAndNeverAnswers_HoldsTheStartUpForSecondsOnly()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var kubeconfig = Path.GetTempFileName();
        await File.WriteAllTextAsync(kubeconfig, $$$"""
            {"apiVersion":"v1","kind":"Config","current-context":"silent",
             "clusters":[{"name":"silent","cluster":{"server":"https://{{{silent.LocalEndpoint}}}"}}],
             "users":[{"name":"silent","user":{"token":"x"}}],
             "contexts":[{"name":"silent","context":{"cluster":"silent","user":"silent"}}]}
            """, Cancellation);
        await using var server = await RunningServer.Start(new()
        {
            ConfigFile = SampleObjects.ConfigFile,
            Cluster = new(kubeconfig),
        });

        await Wait.Until(async () => (await server.Admin("/readyz")).Status == HttpStatusCode.OK);
        Assert.Contains("[!]release: not known; ", (await server.Admin("/readyz?verbose")).Text, StringComparison.Ordinal);
        File.Delete(kubeconfig);
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.StopAsync(CancellationToken.None);
        _watch.Dispose();
        await _api.DisposeAsync();
        _log.Dispose();
    }

    // In steps, with time for real connections after each.
    private async Task Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            _time.Advance(Step);
            await Task.Delay(5, Cancellation);
        }
    }
}
