using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.ClusterTests.Manifests;
using Xunit;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>An installation of the manifests on a node, with all its replicas ready.</summary>
internal sealed class InstalledWebhook : IAsyncDisposable
{
    /// <summary>The namespace.</summary>
    public const string Space = "runner-webhook";

    // Nobody serves them here.
    private static readonly string[] CertManagers = ["Certificate", "Issuer"];

    private readonly NodeCluster _node;
    private readonly Installation _installation;

    private InstalledWebhook(NodeCluster node, Installation installation) => (_node, _installation) = (node, installation);

    private Kubectl Kubectl => _node.Kubectl;

    /// <summary>Installs a folder of the manifests, and waits until it is there.</summary>
    /// <param name="node">The node.</param>
    /// <param name="folder">The folder, as in <c>overlays/self-managed</c>.</param>
    /// <param name="certify">Brings what others bring in a cluster, once everything is applied; null for nothing.</param>
    public static async Task<InstalledWebhook> Install(NodeCluster node, string folder, Func<Task>? certify = null)
    {
        await NodeImages.ImportWebhook(node.Docker);
        var made = new InstalledWebhook(node, (await Installation.Build(node.Kubectl, folder)).For(node.Cluster.Version));
        await made.Apply();
        await (certify?.Invoke() ?? Task.CompletedTask);
        await made.RolledOut();
        return made;
    }

    /// <summary>Applies the manifests (again).</summary>
    public async Task Apply()
    {
        var result = await Kubectl.RunWithInput(_installation.ToString(), "apply", "-f", "-");
        Assert.All(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.True(
            CertManagers.Any(kind => line.Contains($"no matches for kind \"{kind}\"", StringComparison.Ordinal))
            || line.StartsWith("ensure CRDs are installed first", StringComparison.Ordinal), line));
    }

    /// <summary>Waits until all replicas are of today's Deployment, and ready.</summary>
    public async Task RolledOut() => await _node.Until(Space, "the webhook's replicas", async () =>
        (await Kubectl.Run("rollout", "status", "deployment/runner-webhook", "-n", Space, "--timeout=1s")).ExitCode == 0);

    /// <summary>Replaces all replicas, one by one.</summary>
    public async Task Restart()
    {
        (await Kubectl.Run("rollout", "restart", "deployment/runner-webhook", "-n", Space)).Ensure();
        await RolledOut();
        await _node.Until(Space, "the old replicas' end", async () => (await Pods()).Count == 2);
    }

    /// <summary>Kills a replica's process, and waits until kubelet has started another.</summary>
    /// <returns>The replica's address.</returns>
    public async Task<string> KillReplica()
    {
        var pod = (await Pods())[0]!;
        var name = (string)pod["metadata"]!["name"]!;
        var container = Assert.Single(await _node.Docker.ContainersOf(Space, name, "runner-webhook"));
        (await _node.Docker.Run("kill", "--signal=KILL", container)).Ensure();
        await _node.Until(Space, "the next container", async () =>
            (await Kubectl.Get(Space, "pod", name))["status"]!["containerStatuses"]![0] is { } status
            && (int)status["restartCount"]! == 1 && (bool)status["ready"]!);
        return (string)pod["status"]!["podIP"]!;
    }

    /// <summary>Changes what the certificates come from, and waits until all replicas serve the same new one.</summary>
    public async Task Rotate(Func<Task> change)
    {
        var before = Assert.Single(await Served());
        await change();
        await _node.Until(Space, "the new certificate", async () => (await Served()) is [var only] && only != before, 120);
    }

    /// <summary>Changes the description in the ConfigMap, and waits until every replica injects it.</summary>
    public async Task Configure(string description)
    {
        var before = Assert.Single(await Revisions());
        var map = await Kubectl.Get(Space, "configmap", "runner-webhook");
        var text = (string)map["data"]!["config.yaml"]!;
        map["data"]!["config.yaml"] = text.Replace("description: Docker-in-Docker", "description: " + description, StringComparison.Ordinal);
        (await Kubectl.RunWithInput(map.ToJsonString(), "replace", "-f", "-")).Ensure();
        await _node.Until(Space, "the configuration in all replicas", async () => (await Revisions()) is [var only] && only != before);
    }

    /// <summary>The webhook's pods, those that end among them.</summary>
    public async Task<JsonArray> Pods() => await Kubectl.List(Space, "pod");

    public async ValueTask DisposeAsync()
    {
        // kubectl would wait for one object after the other; the namespace goes last, as it waits for all that is in it.
        await Kubectl.RunWithInput(_installation.ToString(), "delete", "--ignore-not-found", "--wait=false", "-f", "-");
        await _node.Until(Space, "the namespace's end", async () => (await Kubectl.Run("get", "namespace", Space)).ExitCode != 0, 240);
    }

    /// <summary>The revisions of the configuration that the replicas inject by.</summary>
    public async Task<string[]> Revisions()
    {
        using var client = new HttpClient();
        var revisions = new HashSet<string>();
        foreach (var pod in await Pods())
        {
            var page = await client.GetStringAsync(new Uri($"http://{pod!["status"]!["podIP"]}:8080/metrics"));
            revisions.UnionWith(page.Split('\n').Where(line => line.StartsWith("gitlab_runner_webhook_configuration_info{", StringComparison.Ordinal)));
        }

        return [.. revisions];
    }

    // The thumbprints of what the replicas show to clients.
    private async Task<string[]> Served()
    {
        var served = new HashSet<string>();
        foreach (var pod in await Pods())
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync((string)pod!["status"]!["podIP"]!, 8443);
#pragma warning disable CA5359 // Who vouches for it is the API server's to judge.
            await using var tls = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
            await tls.AuthenticateAsClientAsync("runner-webhook");
            served.Add(((X509Certificate2)tls.RemoteCertificate!).Thumbprint);
        }

        return [.. served];
    }
}
