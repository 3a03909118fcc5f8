using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using RunnerWebhook.ClusterTests.ControlPlane;
using Xunit;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>
/// A cluster with one real node: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubelet and dockerd. Pods
/// run, reach each other on a bridge and the API server at its Service's address; what has <c>hostNetwork</c> reaches
/// 127.0.0.1 of the test. There is no DNS and no kube-proxy; the API server reaches Services by their endpoints.
/// <c>node.sh</c> tells how the node keeps to itself.
/// </summary>
public sealed class NodeCluster : IAsyncLifetime
{
    private ChildProcess? _machine;
    private string _skipReason = "";
    private string _bridge = "";

    public NodeCluster()
    {
        Folder = Directory.CreateDirectory(Path.Combine(Cluster.Folder, "node")).FullName;
        Docker = new(Path.Combine(Folder, "docker.sock"));
    }

    /// <summary>The control plane.</summary>
    public Cluster Cluster { get; } = new();

    /// <summary>kubectl as an administrator; <c>logs</c> and <c>exec</c> work.</summary>
    public Kubectl Kubectl => Cluster.Kubectl;

    /// <summary>The node's Docker engine. Pods find its socket at <c>/var/run/docker.sock</c> of the node.</summary>
    public DockerEngine Docker { get; }

    /// <summary>The node's address on the pods' network.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The node's own folder: logs of kubelet and dockerd.</summary>
    internal string Folder { get; }

    public async ValueTask InitializeAsync()
    {
        var binaries = await ControlPlaneBinaries.ProvisionNode();
        if (binaries.Folder is null)
        {
            _skipReason = binaries.SkipReason;
            return;
        }

        await Start(binaries);
    }

    /// <summary>Whether there is a node; else <see cref="Require"/> skips.</summary>
    public bool IsThere => _skipReason.Length == 0;

    /// <summary>Skips the test, with the reason, on a machine where no node can be had.</summary>
    public void Require() => Assert.SkipWhen(_skipReason.Length > 0, _skipReason);

    /// <summary>Waits for a condition in a namespace, and tells the state of its pods where it doesn't come about.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="what">What is waited for.</param>
    /// <param name="condition">Asked four times a second.</param>
    /// <param name="seconds">How long.</param>
    public async Task Until(string space, string what, Func<Task<bool>> condition, int seconds = 90)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(seconds))
            {
                throw new TimeoutException($"{what}: not within {seconds} seconds\n{await Report(space)}");
            }

            await Task.Delay(250);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_machine is not null)
        {
            await _machine.DisposeAsync();
        }

        await Cluster.DisposeAsync();
        if (_bridge.Length > 0 && Directory.Exists("/sys/class/net/" + _bridge))
        {
            throw new InvalidOperationException($"the node left its bridge behind: ip link delete {_bridge}");
        }
    }

    private async Task Start(ControlPlaneBinaries binaries)
    {
        _machine = ChildProcess.Start(Path.Combine(Folder, "node.log"), "bash", Script(), Folder, binaries.PathOf("kubelet"));
        var number = await Number();
        (Address, _bridge) = ($"10.200.{number}.1", "rw" + number);
        var controlPlane = Cluster.Start(binaries, new($"10.201.{number}.1", 443, $"10.201.{number}.0/24"));
        await Until("dockerd", async () => (await Docker.Run("version")).ExitCode == 0);
        await NodeImages.ImportBusybox(Docker);
        await controlPlane;
        var kubeconfig = Cluster.IssueKubeconfig("scheduler", "O=system:masters, CN=scheduler");
        Cluster.Launch("kube-scheduler", $"--kubeconfig={kubeconfig}", "--leader-elect=false", "--bind-address=127.0.0.1",
            $"--secure-port={Text(Cluster.FreePort())}", "--port=0");
        StartKubelet();
        await Until("the node", async () => (await Kubectl.Run("wait", "--for=condition=Ready", "node/node", "--timeout=1s"))
            .ExitCode == 0);
    }

    private async Task<string> Report(string space)
    {
        var report = new StringBuilder((await Kubectl.Run("get", "pods", "-o", "wide", "-n", space)).Output);
        report.Append((await Kubectl.Run("get", "events", "-n", space)).Output);
        foreach (var pod in await Kubectl.List(space, "pod"))
        {
            var name = (string)pod!["metadata"]!["name"]!;
            report.AppendLine(pod["status"]!.ToJsonString());
            report.Append((await Kubectl.Run("logs", name, "--all-containers", "--prefix", "--tail=20", "-n", space)).Output);
            report.Append((await Kubectl.Run("logs", name, "--all-containers", "--prefix", "--tail=20", "--previous", "-n", space)).Output);
        }

        return report.Append("kubelet:\n").AppendJoin('\n', Tail("kubelet")).ToString();
    }

    private IEnumerable<string> Tail(string name)
    {
        var log = Path.Combine(Folder, name + ".log");
        return File.Exists(log) ? File.ReadLines(log).TakeLast(15) : [];
    }

    private async Task<string> Number()
    {
        var file = Path.Combine(Folder, "number");
        await Until("the node's network", () => Task.FromResult(File.Exists(file)));
        return (await File.ReadAllTextAsync(file)).Trim();
    }

    private void StartKubelet()
    {
        File.Copy(Path.Combine(Cluster.Folder, "ca.crt"), Path.Combine(Folder, "ca.crt"));
        var kubeconfig = Cluster.IssueKubeconfig("kubelet", "O=system:nodes, CN=system:node:node");
        File.Move(kubeconfig, Path.Combine(Folder, "kubelet.kubeconfig"));
    }

    private Task Until(string what, Func<Task<bool>> condition) => Cluster.Until(what, async () =>
    {
        if (_machine!.HasExited)
        {
            var logs = new[] { "node", "dockerd", "kubelet" }.SelectMany(name => Tail(name).Prepend(name + ":"));
            throw new InvalidOperationException($"the node ended while it was to get {what}\n{string.Join('\n', logs)}");
        }

        return await condition();
    });

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Script([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "node.sh");
}
