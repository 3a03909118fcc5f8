using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.Certificates;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.ClusterTests.Node;
using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests.Faults;

/// <summary>Edits of the ConfigMap that have a mistake, or need what is not there, as kubelet brings them to two replicas. A real API
/// server calls both for every Pod.</summary>
public sealed class ConfigurationEditTests(Cluster cluster) : IAsyncLifetime
{
    // How many Pods are created while an edit is in the folders of both replicas.
    private const int CreatesPerEdit = 20;

    private static readonly string Good = Webhook.Configuration;

    // Each with what a replica says of it.
    private static readonly (string Edit, byte[]? File, string Said)[] Edits =
    [
        ("removed from the ConfigMap", null, "cannot be used: "),
        ("empty", [], "cannot be used: "),
        ("half written", Text(Good + "policy: [{namespaces: [\"te"), "cannot be used: "),
        ("not UTF-8", [.. Text(Good), 0xff, 0xc0], "cannot be used: "),
        ("too large", Text(Good + string.Concat(Enumerable.Repeat("# padding\n", 200_000))), "the file is longer than 1 MiB"),
        ("wrong kind", Text(Good.Replace("kind: Configuration", "kind: Secret", StringComparison.Ordinal)), "cannot be used: "),
        ("removed key", Text(Good.Replace("kind: Configuration\n", "", StringComparison.Ordinal)), "cannot be used: "),
        ("unknown key", Text(Good + "polices: []\n"), "cannot be used: "),
        ("unknown profile", Text(Good + "policy: [{namespaces: [\"*\"], profile: nosuch}]\n"), "cannot be used: "),
        ("missing right", Text(Good + "watchNamespaces: true\n"), "a newer one is accepted, not in force yet: watchNamespaces "
            + "needs the list of namespaces: a right is missing: namespaces is forbidden"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-edits").FullName;
    private readonly MountedFolder[] _mounts = [new(), new()];
    private ServerProcess[] _replicas = [];
    private SelfManagedCluster _self = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (cluster.Kubectl is null)
        {
            return;
        }

        using var authority = new TestAuthority(_folder);
        authority.IssueServing("tls", "127.0.0.1");
        var kubeconfig = Path.Combine(_folder, "kubeconfig");
        _replicas = [.. _mounts.Select(mount => new ServerProcess(0, "--tls-cert", Path.Combine(_folder, "tls.crt"),
            "--tls-key", Path.Combine(_folder, "tls.key"), "--kubeconfig", kubeconfig)
        {
            Config = mount.PathOf("config.yaml"),
        })];
        var urls = _replicas.Select(replica => new Uri($"https://127.0.0.1:{replica.Port}/mutate"));
        _self = await SelfManagedCluster.CreateWithRights(cluster, "components/cert-manager", [.. urls]);
        File.Copy(_self.Kubeconfig, kubeconfig);
        await _self.Trust(authority.Pem);
        await Swap(Text(Good));
        await Task.WhenAll(_replicas.Select(replica => replica.Ready()));
    }

    public async ValueTask DisposeAsync()
    {
        if (_self is not null)
        {
            await _self.DisposeAsync();
            await cluster.Kubectl.Run("delete", "clusterrole,clusterrolebinding", _self.Space, "--ignore-not-found");
        }

        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        Array.ForEach(_mounts, mount => mount.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Edits_OfTwoReplicasUnderLoad_FailNoCreateAndEndNoReadiness()
    {
        cluster.Require();
        using var load = new CreateLoop(cluster, _self.Space, isDryRun: true);
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var unready = Task.WhenAll(_replicas.Select(replica => CountUnready(replica, watch.Token)));

        foreach (var (edit, file, said) in Edits)
        {
            await Swap(file);
            await Said(said, edit);
            await Creates(load);
        }

        // The last of them is in force once the right to list is there. Watching is still forbidden.
        await Grant("list");
        await Said("[!]namespaces: ", "a watch that is not allowed");
        await Said("cannot watch resource", "a watch that is not allowed");
        await Creates(load);
        (await cluster.Kubectl.Run("delete", "clusterrolebinding", _self.Space)).Ensure();
        await Said("cannot list resource", "a right that is taken away");
        await Creates(load);

        await Swap(Text(Good.Replace("docker:27", "docker:28", StringComparison.Ordinal)));
        await Cluster.Until("the repaired configuration", async () =>
            (await _self.CreatePod()).Body.GetRawText().Contains("--docker-image=docker:28", StringComparison.Ordinal));
        await load.Stop();
        await watch.CancelAsync();

        Figures.Add("edits of the configuration, two replicas: {0}", load);
        load.EnsureAllInjected();
        Assert.True(load.Injected > Edits.Length * CreatesPerEdit, load.ToString());
        Assert.All(await unready, count => Assert.Equal(0, count));
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    // Kubelets are not in step.
    private async Task Swap(byte[]? file)
    {
        foreach (var mount in _mounts)
        {
            mount.SwapBytes(file is null ? [] : new() { ["config.yaml"] = file });
            await Task.Delay(100, Cancellation);
        }
    }

    private async Task Said(string text, string edit)
    {
        foreach (var replica in _replicas)
        {
            var page = "";
            await Cluster.Until(edit, async () => (page = await replica.Page("/readyz?verbose"))
                .Contains(text, StringComparison.Ordinal), () => page);
        }
    }

    private static async Task Creates(CreateLoop load)
    {
        var before = load.Injected;
        await Cluster.Until("creates", () => Task.FromResult(load.Injected >= before + CreatesPerEdit), load.ToString);
    }

    private static async Task<int> CountUnready(ServerProcess replica, CancellationToken end)
    {
        var count = 0;
        while (!end.IsCancellationRequested)
        {
            count += await replica.Admin("/readyz") == 200 ? 0 : 1;
            await Task.Delay(50, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return count;
    }

    private async Task Grant(params string[] verbs)
    {
        var rights = new JsonArray(
            new JsonObject
            {
                ["apiVersion"] = "rbac.authorization.k8s.io/v1",
                ["kind"] = "ClusterRole",
                ["metadata"] = new JsonObject { ["name"] = _self.Space },
                ["rules"] = new JsonArray(new JsonObject
                {
                    ["apiGroups"] = new JsonArray(""),
                    ["resources"] = new JsonArray("namespaces"),
                    ["verbs"] = new JsonArray([.. verbs.Select(verb => JsonValue.Create(verb))]),
                }),
            },
            new JsonObject
            {
                ["apiVersion"] = "rbac.authorization.k8s.io/v1",
                ["kind"] = "ClusterRoleBinding",
                ["metadata"] = new JsonObject { ["name"] = _self.Space },
                ["roleRef"] = new JsonObject
                {
                    ["apiGroup"] = "rbac.authorization.k8s.io",
                    ["kind"] = "ClusterRole",
                    ["name"] = _self.Space,
                },
                ["subjects"] = new JsonArray(
                    new JsonObject { ["kind"] = "ServiceAccount", ["name"] = "runner-webhook", ["namespace"] = _self.Space }),
            });
        var list = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = rights };
        (await cluster.Kubectl.RunWithInput(list.ToJsonString(), "create", "-f", "-")).Ensure();
    }
}
