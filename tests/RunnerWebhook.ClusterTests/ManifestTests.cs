using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.ClusterTests.Manifests;
using RunnerWebhook.Core.Workloads;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>The manifests as users install them, each overlay in turn, on an API server of their own.</summary>
public sealed class ManifestTests(OwnCluster own) : IClassFixture<OwnCluster>
{
    // Kinds that come with cert-manager, or with a later Kubernetes than the control plane's.
    private string[] Unserved => Cluster.Version >= Installation.AdmissionPolicies
        ? ["Certificate", "Issuer"]
        : ["Certificate", "Issuer", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];

    private static readonly KubernetesVersion MatchConditions = new(1, 28);

    private static readonly string[] InEveryOverlay =
    [
        "ConfigMap", "Deployment", "MutatingWebhookConfiguration", "Namespace", "NetworkPolicy", "ResourceQuota", "Service",
        "ServiceAccount",
    ];

    public static TheoryData<string> Installations => [.. Installation.Folders];

    private Cluster Cluster => own.Cluster;

    [Theory]
    [MemberData(nameof(Installations))]
    public async Task Installation_AppliedAndDeleted_RunsAndLeavesNothing(string folder)
    {
        Cluster.Require();
        var installation = await Installation.Build(Cluster.Kubectl, folder);
        var before = await Inventory();

        var applied = await Run(installation, "apply");
        Assert.Superset(InEveryOverlay.ToHashSet(), applied.Select(line => KindOf(line, installation)).ToHashSet());
        Assert.All(applied, line => Assert.EndsWith(" created", line));
        var generations = await Generations(installation);
        Assert.All(await Run(installation, "apply"), line => Assert.EndsWith(IsAlwaysSent(line) ? " configured" : " unchanged", line));
        Assert.Equal(generations, await Generations(installation));
        Assert.Equal(folder != "overlays/single-replica", applied.Any(line => line.StartsWith("poddisruptionbudget", StringComparison.Ordinal)));
        var replicas = (int)installation.Only("Deployment")["spec"]!["replicas"]!;
        await Cluster.Until($"{replicas} pods of the Deployment", async () => (await Pods()).Count == replicas);
        Assert.All(await Pods(), pod => Assert.Equal(2_000_000_000, (int)pod!["spec"]!["priority"]!));

        await AssertRights(folder);

        await Run(installation, "delete");

        var left = before;
        await Cluster.Until("removal", async () =>
        {
            left = [.. (await Inventory()).Except(before)];
            return left.Count == 0;
        }, () => string.Join('\n', left));
    }

    [Fact]
    public async Task MatchConditions_OnAServerThatDoesNotKnowThem_AreRefusedByKubectl()
    {
        Cluster.Require();
        Assert.SkipWhen(Cluster.Version >= MatchConditions, $"this API server is {Cluster.Version} and knows match conditions");
        var installation = await Installation.Build(Cluster.Kubectl, ".");

        var apply = await Cluster.Kubectl.RunWithInput(installation.Only("MutatingWebhookConfiguration").ToJsonString(),
            "apply", "--dry-run=server", "-f", "-");

        Assert.NotEqual(0, apply.ExitCode);
        Assert.Contains("unknown field \"matchConditions\"", apply.Error);
    }

    [Fact]
    public async Task WebhookConfiguration_Rules_AskForNothingButLabelledWorkloads()
    {
        Cluster.Require();
        foreach (var folder in Installation.Folders)
        {
            var installation = await Installation.Build(Cluster.Kubectl, folder);
            var hooks = installation.Only("MutatingWebhookConfiguration")["webhooks"]!.AsArray();
            Assert.Equal(2, hooks.Count);
            foreach (var hook in hooks)
            {
                Assert.Equal("None", (string)hook!["sideEffects"]!);
                Assert.Equal(folder is "overlays/guard" or "overlays/failure-policy-ignore" ? "Ignore" : "Fail", (string)hook["failurePolicy"]!);
                Assert.Equal("""[{"key":"gitlab-runner","operator":"In","values":["inject"]}]""", hook["objectSelector"]!["matchExpressions"]!.ToJsonString());
                Assert.Contains("runner-webhook", hook["namespaceSelector"]!["matchExpressions"]![0]!["values"]!.AsArray().Select(name => (string)name!));
                Assert.DoesNotContain("/", (string)hook["rules"]![0]!["resources"]![0]!);
                Assert.False(hook["clientConfig"]!.AsObject().ContainsKey("caBundle"));
                Assert.Equal(folder != "overlays/before-1.30", hook.AsObject().ContainsKey("matchConditions"));
            }
        }
    }

    // All that a replica may do in the cluster, by the API server's own word.
    private async Task AssertRights(string folder)
    {
        const string Own = "mutatingwebhookconfigurations.admissionregistration.k8s.io/runner-webhook";
        var isSelfManaged = folder == "overlays/self-managed";
        Assert.True(await May("get", Own));
        Assert.Equal(isSelfManaged, await May("patch", Own));
        Assert.Equal(isSelfManaged, await May("get", "secrets/runner-webhook-tls", "-n", "runner-webhook"));
        Assert.False(await May("get", "mutatingwebhookconfigurations.admissionregistration.k8s.io/other"));
        Assert.False(await May("list", "mutatingwebhookconfigurations.admissionregistration.k8s.io"));
        Assert.False(await May("update", Own));
        Assert.False(await May("get", "secrets", "-n", "default"));
        Assert.False(await May("list", "namespaces"));
    }

    private async Task<bool> May(params string[] what) => (await Cluster.Kubectl.Run(
        ["auth", "can-i", "--as", "system:serviceaccount:runner-webhook:runner-webhook", .. what])).Output.StartsWith("yes", StringComparison.Ordinal);

    [Fact]
    public async Task Deployments_EveryInstallation_LookAtTheCaBundleTheyMayRead()
    {
        Cluster.Require();
        foreach (var folder in Installation.Folders)
        {
            var installation = await Installation.Build(Cluster.Kubectl, folder);
            var arguments = installation.Only("Deployment")["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray()
                .Select(argument => (string)argument!).ToArray();
            Assert.Contains(folder == "overlays/self-managed" ? "--self-managed-certificates" : "--webhook-configuration=runner-webhook", arguments);
            Assert.True((bool)installation.Only("ServiceAccount")["automountServiceAccountToken"]!);
            Assert.Contains(installation.Only("NetworkPolicy")["spec"]!["egress"]![0]!["ports"]!.AsArray(), port => (int)port!["port"]! == 6443);
        }
    }

    // kubectl sends the selector of a PodDisruptionBudget of policy/v1 with every apply, whether or not it has changed.
    private bool IsAlwaysSent(string line) => line.StartsWith("poddisruptionbudget", StringComparison.Ordinal)
        && Cluster.Version >= Installation.AdmissionPolicies;

    // Which version of each object's specification the server has stored.
    private async Task<string> Generations(Installation installation)
    {
        var served = new Installation([.. installation.For(Cluster.Version).Manifests.Where(manifest => !Unserved.Contains((string)manifest["kind"]!))]);
        return (await Cluster.Kubectl.RunWithInput(served.ToString(), "get", "-f", "-", "-o",
            "jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.generation}{\"\\n\"}{end}")).Ensure().Output;
    }

    // What kubectl says of each object that the server can have; it has to take them all, without a warning.
    private async Task<string[]> Run(Installation installation, string verb)
    {
        var text = installation.For(Cluster.Version).ToString();
        // With its namespace an object may go by itself.
        var result = await Cluster.Kubectl.RunWithInput(text, [verb, "-f", "-", .. verb == "delete" ? ["--ignore-not-found"] : Array.Empty<string>()]);
        var complaints = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line =>
            !Unserved.Any(kind => line.Contains($"no matches for kind \"{kind}\"", StringComparison.Ordinal))
            && !line.StartsWith("ensure CRDs are installed first", StringComparison.Ordinal));
        Assert.Empty(complaints);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string KindOf(string line, Installation installation) => installation.Manifests.Select(manifest =>
        (string)manifest["kind"]!).First(kind => line.StartsWith(kind, StringComparison.OrdinalIgnoreCase)
            && line[kind.Length] is '.' or '/');

    private async Task<JsonArray> Pods() => await Cluster.Kubectl.List("runner-webhook", "pod");

    // Everything that an installation could leave behind: objects of the cluster, and of every namespace.
    private async Task<HashSet<string>> Inventory()
    {
        var kinds = (await Cluster.Kubectl.Run("api-resources", "--verbs=list", "-o", "name")).Ensure().Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(kind => !kind.StartsWith("events", StringComparison.Ordinal)
                && !kind.StartsWith("componentstatuses", StringComparison.Ordinal));
        return [.. (await Cluster.Kubectl.Run("get", string.Join(',', kinds), "-A", "-o",
            "jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name}{\"\\n\"}{end}")).Ensure().Output.Split('\n')];
    }
}
