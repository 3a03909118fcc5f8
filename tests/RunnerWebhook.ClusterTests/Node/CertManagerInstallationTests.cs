using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>What the guide promises, and its commands, on an installation in a cluster.</summary>
[Collection(NodeCollection.Name)]
public sealed class CertManagerInstallationTests(CertManagerInstallation installed) : IClassFixture<CertManagerInstallation>
{
    private const string Labelled = """
        {"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"runner-","labels":{"gitlab-runner":"inject"}},
         "spec":{"schedulerName":"none","containers":[{"name":"gitlab-runner","image":"gitlab/gitlab-runner:v17.0.0"}]}}
        """;

    private const string DaemonSet = """
        {"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"gitlab-runner","labels":{"gitlab-runner":"inject"}},
         "spec":{"selector":{"matchLabels":{"name":"gitlab-runner"}},"template":{"metadata":{"labels":{"name":"gitlab-runner"}},
          "spec":{"schedulerName":"none","nodeSelector":{"node":"none"},
           "containers":[{"name":"gitlab-runner","image":"gitlab/gitlab-runner:v17.0.0"}]}}}}
        """;

    private static readonly string Unlabelled = Labelled.Replace("\"gitlab-runner\":\"inject\"", "", StringComparison.Ordinal);

    private NodeCluster Node => installed.Node;

    private InstalledWebhook Webhook => installed.Webhook;

    private Kubectl Kubectl => Node.Kubectl;

    [Fact]
    public async Task Renewal_UnderLoad_FailsNoCreate()
    {
        Node.Require();
        using var loop = new CreateLoop(Node.Cluster, await Node.Cluster.CreateNamespace("load"));

        await Webhook.Rotate(installed.Issue);
        await Webhook.Restart();

        await loop.Stop();
        Figures.Add("{0}", $"cert-manager, two replicas, certificate renewed, rolled: {loop}");
        loop.EnsureAllInjected();
    }

    [Fact]
    public async Task Webhook_EveryReplicaGone_RefusesOnlyLabelledAndComesBack()
    {
        Node.Require();
        var space = await Node.Cluster.CreateNamespace("gone");
        (await Create(space, DaemonSet)).Ensure();
        await Scale(0);

        (await Create(space, Unlabelled)).Ensure();
        var refused = await Create(space, Labelled);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("failed calling webhook \"pods.runner-webhook.local\"", refused.Error);
        (await Kubectl.Run("delete", "daemonset", "gitlab-runner", "-n", space)).Ensure();
        (await Kubectl.Run("delete", "namespace", space)).Ensure();

        await Scale(2);
        // As a drained node or an eager hand would.
        (await Kubectl.Run("delete", "pods", "--all", "-n", InstalledWebhook.Space, "--force", "--grace-period=0")).Ensure();
        await Webhook.RolledOut();
        space = await Node.Cluster.CreateNamespace("back");
        await Node.Until(InstalledWebhook.Space, "an injected pod", async () => await IsInjected(space));
    }

    [Fact]
    public async Task EmergencyOff_OneCommandOfTheGuide_LetsLabelledInAndIsTakenBackByApplying()
    {
        Node.Require();
        var space = await Node.Cluster.CreateNamespace("emergency");
        Assert.True(await IsInjected(space));

        (await Guide("kubectl delete mutatingwebhookconfiguration")).Ensure();
        await Node.Until(space, "a bare pod", async () => !await IsInjected(space), 30);

        await installed.Apply();
        await Webhook.RolledOut();
        await Node.Until(space, "an injected pod", async () => await IsInjected(space), 30);
    }

    [Fact]
    public async Task ConfigurationChange_CommandsOfTheGuide_ListTheOutdatedAndBringThemUpToDate()
    {
        Node.Require();
        var space = await Node.Cluster.CreateNamespace("outdated");
        (await Create(space, DaemonSet)).Ensure();
        var before = await Listed(space);

        await Webhook.Configure("What it is after an upgrade");
        Assert.Equal(before, await Listed(space));
        Assert.Single(await Webhook.Revisions());

        (await Guide("kubectl rollout restart", ("NAME", "gitlab-runner"), ("NAMESPACE", space))).Ensure();
        Assert.NotEqual(before, await Listed(space));
    }

    private async Task Scale(int replicas)
    {
        (await Kubectl.Run("scale", "deployment/runner-webhook", "-n", InstalledWebhook.Space, $"--replicas={replicas}")).Ensure();
        await Webhook.RolledOut();
        await Node.Until(InstalledWebhook.Space, $"{replicas} replicas", async () => (await Webhook.Pods()).Count == replicas);
    }

    private Task<CommandResult> Create(string space, string manifest) =>
        Kubectl.RunWithInput(manifest, "create", "-n", space, "-f", "-", "-o", "json");

    private async Task<bool> IsInjected(string space)
    {
        var created = await Create(space, Labelled);
        return created.ExitCode == 0 && JsonNode.Parse(created.Output)!["spec"]!["initContainers"] is not null;
    }

    // The revision that the guide's command tells of the only DaemonSet of a namespace.
    private async Task<string> Listed(string space)
    {
        var list = (await Guide("kubectl get daemonsets")).Ensure().Output.Split('\n');
        var line = list.Single(line => line.StartsWith($"{space}/gitlab-runner ", StringComparison.Ordinal));
        return (string)JsonNode.Parse(line.Split(' ', 2)[1])!["revision"]!;
    }

    // A command of the guide, found by its beginning.
    private async Task<CommandResult> Guide(string beginning, params (string Name, string Value)[] names)
    {
        var guide = await File.ReadAllLinesAsync(Path.Combine(RunnerWebhook.ClusterTests.Webhook.Repository, "charts-free-manifests", "README.md"));
        var command = guide.Single(line => line.StartsWith(beginning, StringComparison.Ordinal));
        foreach (var (name, value) in names)
        {
            command = System.Text.RegularExpressions.Regex.Replace(command, $@"\b{name}\b", value);
        }

        return await new Command("/bin/sh", "-c")
        {
            Environment = new Dictionary<string, string?>
            {
                ["KUBECONFIG"] = Node.Cluster.Kubeconfig,
                ["PATH"] = $"{Path.GetDirectoryName(Kubectl.Program)}:{Environment.GetEnvironmentVariable("PATH")}",
            },
        }.Run("", command);
    }
}
