using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RunnerWebhook.ClusterTests.ControlPlane;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>The manifests as users install them.</summary>
public sealed partial class ManifestTests(Cluster cluster)
{
    // What this test's API server of 1.20 can't know: cert-manager's kinds, policy/v1 (1.21), admission policies (1.30).
    private static readonly string[] NewerKinds =
        ["Certificate", "Issuer", "PodDisruptionBudget", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];

    public static TheoryData<string> Overlays() => [".", .. Directory.GetDirectories(Folder("overlays")).Select(folder =>
        Path.Combine("overlays", Path.GetFileName(folder))).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Overlay_Objects_AreAcceptedByTheServer(string overlay)
    {
        cluster.Require();
        var unserved = new List<string>();
        var accepted = new HashSet<string>();
        // The namespace has to be there for what lies in it; it stays empty.
        (await cluster.Kubectl.Run("apply", "-f", Path.Combine(Folder("base"), "namespace.yaml"))).Ensure();
        foreach (var document in (await Build(overlay)).Split("\n---\n"))
        {
            // Another test has one of the same name registered.
            var manifest = document.Replace("  name: runner-webhook\nwebhooks:", "  name: runner-webhook-dry\nwebhooks:", StringComparison.Ordinal);
            var apply = await cluster.Kubectl.RunWithInput(manifest, "apply", "--dry-run=server", "--validate=false", "-f", "-");
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

        Assert.Empty(unserved.Except(NewerKinds));
        Assert.Superset(new HashSet<string>
        {
            "Namespace", "ServiceAccount", "ConfigMap", "Deployment", "Service", "NetworkPolicy", "MutatingWebhookConfiguration",
        }, accepted);
    }

    [Fact]
    public async Task WebhookConfiguration_Rules_AskForNothingButLabelledWorkloads()
    {
        cluster.Require();
        var file = Path.Combine(Webhook.Repository, "charts-free-manifests", "base", "mutatingwebhookconfiguration.yaml");
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

    private async Task<string> Build(string overlay)
    {
        var build = await cluster.Kubectl.Run("kustomize", Folder(overlay));
        if (!build.Error.Contains("must be a file", StringComparison.Ordinal))
        {
            return build.Ensure().Output;
        }

        // kubectl before 1.21 has a kustomize that takes no folders as resources: the files themselves, then.
        var files = new[] { "base", "components/guard", "../certs" }.SelectMany(folder => Directory.GetFiles(Folder(folder), "*.yaml"))
            .Where(file => Path.GetFileName(file) != "kustomization.yaml");
        return string.Join("\n---\n", files.Select(File.ReadAllText));
    }

    private static string Folder(string name) => Path.Combine(Webhook.Repository, "charts-free-manifests", name);

    [GeneratedRegex("^kind: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Kind();
}
