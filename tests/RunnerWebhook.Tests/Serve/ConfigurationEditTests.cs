using System.Globalization;
using System.Net;
using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>No edit of the configuration takes a replica that is ready out of service, and no request fails meanwhile.</summary>
public sealed class ConfigurationEditTests : IAsyncLifetime
{
    private readonly MountedFolder _mount = new();
    private readonly LoggedLines _log = new();
    private readonly string _good = File.ReadAllText(SampleObjects.ConfigFile);
    private NamespaceApi _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await NamespaceApi.Start();
        _mount.Swap(new() { ["config.yaml"] = _good });
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _mount.Dispose();
        _log.Dispose();
    }

    /// <summary>Edits that once took replicas out of service or are likely to, and a part of what /readyz?verbose says.</summary>
    public static TheoryData<string, string> Edits => new()
    {
        { "watch without right", "a newer one is accepted, not in force yet: watchNamespaces needs the list of namespaces: a right is missing" },
        { "rules by label without right", "a newer one is accepted, not in force yet: watchNamespaces needs the list of namespaces: a right is missing" },
        { "half written", "cannot be used: " },
        { "empty", "cannot be used: " },
        { "too large", "cannot be used: " },
        { "binary", "cannot be used: " },
        { "alias bomb", "cannot be used: " },
        { "removed key", "cannot be used: " },
        { "unknown profile", "cannot be used: " },
        { "unknown key", "cannot be used: " },
        { "missing file", "cannot be used: " },
        { "folder in place of the file", "cannot be used: " },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public async Task Edit_UnderLoad_LeavesTheReplicaReadyAndFailsNoRequest(string edit, string word)
    {
        _api.Refusal = 403;
        await using var server = await Start();
        using var stop = new CancellationTokenSource();
        var load = Load(server, stop.Token);

        Apply(edit);
        await Wait.Until(async () => (await Verbose(server)).Contains(word, StringComparison.Ordinal));
        await Task.Delay(TimeSpan.FromMilliseconds(300), Cancellation);
        Assert.Contains("\n[!]configuration: revision ", "\n" + await Verbose(server), StringComparison.Ordinal);

        await stop.CancelAsync();
        var (answered, failures, unready) = await load;
        Assert.True(answered > 0);
        Assert.Equal((0, 0), (failures, unready));
    }

    [Fact]
    public async Task Watch_RightGrantedLater_PutsTheConfigurationInForceByItself()
    {
        _api.Refusal = 403;
        _api.Set("a", ("gitlab-runner/limit", "7"));
        await using var server = await Start();
        var before = await Revision(server);

        Apply("watch without right");
        await Wait.Until(async () => await Metric(server, "configuration_waiting") == 1);
        Assert.Equal(before, await Revision(server));
        Assert.Single(_log.With("configuration accepted, not in force yet"));

        _api.Refusal = 0;
        await Wait.Until(async () => await Metric(server, "configuration_waiting") == 0);
        Assert.Contains("[+]namespaces: 1 known", await Verbose(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_TakenBackWhileItWaits_LeavesNothingWaiting()
    {
        _api.Refusal = 403;
        await using var server = await Start();
        Apply("watch without right");
        await Wait.Until(async () => await Metric(server, "configuration_waiting") == 1);

        _mount.Swap(new() { ["config.yaml"] = _good });

        await Wait.Until(async () => await Metric(server, "configuration_waiting") == 0);
        Assert.Contains("[+]configuration: revision ", await Verbose(server), StringComparison.Ordinal);
        Assert.DoesNotContain("namespaces", await Verbose(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_ConfigurationThatWaits_NamesTheMissingRight()
    {
        _api.Refusal = 403;
        await using var server = await Start();
        Apply("watch without right");
        await Wait.Until(async () => await Metric(server, "configuration_waiting") == 1
            && (await Verbose(server)).Contains("a right is missing", StringComparison.Ordinal));

        var (status, text) = await server.Admin("/status");

        Assert.Equal(HttpStatusCode.OK, status);
        var json = System.Text.Json.Nodes.JsonNode.Parse(text)!;
        Assert.True((bool)json["ready"]!);
        Assert.Equal(await Revision(server), (string)json["configuration"]!["inForce"]!);
        Assert.Contains("a right is missing", (string)json["configuration"]!["waitsFor"]!, StringComparison.Ordinal);
        Assert.Contains(json["checks"]!.AsArray(), check => (string)check!["name"]! == "configuration" && (bool)check["ready"]!);
    }

    private void Apply(string edit)
    {
        if (edit == "missing file")
        {
            _mount.Swap([]);
            return;
        }

        if (edit == "folder in place of the file")
        {
            _mount.Swap([], folder: "config.yaml");
            return;
        }

        _mount.Swap(new()
        {
            ["config.yaml"] = edit switch
            {
                "watch without right" => _good + "watchNamespaces: true\n",
                "rules by label without right" => _good + """
                    watchNamespaces: true
                    policy:
                      - namespaceSelector: {matchLabels: {team: a}}
                      - namespaces: ["*"]

                    """,
                "half written" => _good[..(_good.Length / 2)] + "\n  :[",
                "empty" => "",
                "too large" => _good + "#" + new string('x', 2 * 1024 * 1024),
                "binary" => "\0\u0001\u0002" + _good,
                "alias bomb" => string.Concat(Enumerable.Range(1, 9).Select(i => string.Create(CultureInfo.InvariantCulture,
                    $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat(i == 1 ? "x" : $"*a{i - 1}", 10))}]\n"))),
                "removed key" => _good.Replace("kind: Configuration", "kind: Other", StringComparison.Ordinal),
                "unknown profile" => _good + "policy: [{namespaces: [\"*\"], profile: nowhere}]\n",
                _ => _good + "unknownKey: 1\n",
            },
        });
    }

    private static async Task<(int Answered, int Failures, int Unready)> Load(RunningServer server, CancellationToken stop)
    {
        var (answered, failures, unready) = (0, 0, 0);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                failures += (bool)(await server.Review(Reviews.Create(SampleObjects.Pod())))["allowed"]! ? 0 : 1;
                answered++;
            }
            catch (Exception e) when (e is HttpRequestException or InvalidDataException)
            {
                failures++;
            }

            unready += (await server.Admin("/readyz")).Status == HttpStatusCode.OK ? 0 : 1;
        }

        return (answered, failures, unready);
    }

    private static async Task<string> Verbose(RunningServer server) => (await server.Admin("/readyz?verbose")).Text;

    private static async Task<string> Revision(RunningServer server) => (await Verbose(server)).Split('\n')
        .Single(line => line.Contains("configuration: revision ", StringComparison.Ordinal)).Split("revision ")[1].Split(';')[0];

    private static async Task<double> Metric(RunningServer server, string name) => double.Parse((await server.Admin("/metrics")).Text
        .Split('\n').Single(line => line.StartsWith($"gitlab_runner_webhook_{name}", StringComparison.Ordinal)).Split(' ')[1],
        CultureInfo.InvariantCulture);

    private async Task<RunningServer> Start()
    {
        var server = await RunningServer.Start(new ServeOptions
        {
            ConfigFile = _mount.PathOf("config.yaml"),
            Cluster = new(_api.Kubeconfig),
            ReloadInterval = TimeSpan.FromMilliseconds(50),
        }, _log);
        await Wait.Until(async () => (await server.Admin("/readyz")).Status == HttpStatusCode.OK);
        return server;
    }
}
