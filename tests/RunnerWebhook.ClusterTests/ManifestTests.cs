using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RunnerWebhook.ClusterTests.ControlPlane;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>The manifests as users install them.</summary>
public sealed partial class ManifestTests(Cluster cluster)
{
    [Fact]
    public async Task Kustomize_AllManifests_AreAcceptedByTheServer()
    {
        cluster.Require();
        var built = await Build();
        var unserved = new List<string>();
        var accepted = new List<string>();
        // The namespace has to be there for what lies in it; it stays empty.
        (await cluster.Kubectl.Run("apply", "-f", Path.Combine(Webhook.Repository, "charts-free-manifests", "namespace.yaml"))).Ensure();
        foreach (var document in built.Split("\n---\n"))
        {
            // Another test has one of the same name registered.
            var manifest = document.Replace("  name: runner-webhook\nwebhooks:", "  name: runner-webhook-dry\nwebhooks:", StringComparison.Ordinal);
            var apply = await cluster.Kubectl.RunWithInput(manifest, "apply", "--dry-run=server", "-f", "-");
            var kind = Kind().Match(manifest).Groups[1].Value;
            if (apply.Error.Contains("no matches for kind", StringComparison.Ordinal))
            {
                unserved.Add(kind);
            }
            else
            {
                apply.Ensure();
                Assert.DoesNotContain("Warning", apply.Error);
                accepted.Add(kind);
            }
        }

        // cert-manager's own kinds come with it; policy/v1 came with Kubernetes 1.21.
        Assert.Empty(unserved.Except(["Certificate", "Issuer", "PodDisruptionBudget"]));
        Assert.Superset(new HashSet<string> { "Namespace", "ServiceAccount", "ConfigMap", "Deployment", "Service", "MutatingWebhookConfiguration" }, accepted.ToHashSet());
    }

    [Fact]
    public async Task WebhookConfiguration_Rules_AskForNothingButLabelledWorkloads()
    {
        cluster.Require();
        var file = Path.Combine(Webhook.Repository, "charts-free-manifests", "mutatingwebhookconfiguration.yaml");
        var json = JsonNode.Parse((await cluster.Kubectl.Run("create", "--dry-run=client", "-o", "json", "-f", file)).Ensure().Output)!;

        foreach (var hook in json["webhooks"]!.AsArray())
        {
            Assert.Equal("None", (string)hook!["sideEffects"]!);
            Assert.Equal("Fail", (string)hook["failurePolicy"]!);
            Assert.Equal("""[{"key":"gitlab-runner","operator":"In","values":["inject"]}]""", hook["objectSelector"]!["matchExpressions"]!.ToJsonString());
            Assert.Contains("runner-webhook", hook["namespaceSelector"]!["matchExpressions"]![0]!["values"]!.AsArray().Select(name => (string)name!));
            Assert.DoesNotContain("/", (string)hook["rules"]![0]!["resources"]![0]!);
            Assert.False(hook["clientConfig"]!.AsObject().ContainsKey("caBundle"));
        }
    }

    private async Task<string> Build()
    {
        var folder = Path.Combine(Webhook.Repository, "charts-free-manifests");
        var build = await cluster.Kubectl.Run("kustomize", folder);
        if (!build.Error.Contains("must be a file", StringComparison.Ordinal))
        {
            return build.Ensure().Output;
        }

        // kubectl before 1.21 has a kustomize that takes no folders as resources: the files themselves, then.
        var files = Directory.GetFiles(folder, "*.yaml").Concat(Directory.GetFiles(Path.Combine(Webhook.Repository, "certs"), "*.yaml"))
            .Where(file => Path.GetFileName(file) != "kustomization.yaml");
        return string.Join("\n---\n", files.Select(File.ReadAllText));
    }

    [GeneratedRegex("^kind: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Kind();
}
