using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.ClusterTests.Judges;
using RunnerWebhook.ClusterTests.Manifests;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>The manifests against the published schemas of a Kubernetes that is newer than the tests' own control plane,
/// and of cert-manager: a second opinion, and the only one on what that control plane doesn't serve.</summary>
public sealed class ManifestSchemaTests(NpmJudges judges) : IClassFixture<NpmJudges>
{
    // The error alone, without its line and the type's own text.
    private static readonly Regex Complaint = new(
        "must .*|Property '[^']+' is missing|'[^']+' does not exist in type '\\w+'", RegexOptions.None, TimeSpan.FromSeconds(1));

    [Fact]
    public async Task Installations_EveryObject_FitsItsSchema()
    {
        judges.Require();
        var kubectl = await Kubectl();
        var named = new List<(string Name, JsonObject Object)>();
        foreach (var folder in Installation.Folders)
        {
            named.AddRange((await Installation.Build(kubectl, folder)).Manifests.Select(one => (folder, one)));
        }

        foreach (var component in Installation.Components)
        {
            named.AddRange((await Installation.Compose(kubectl, component)).Manifests.Select(one => (component, one)));
        }

        var complaints = await judges.Judge(named.Select(one => one.Object));

        Assert.True(named.Count > 100);
        Assert.Equal(named.Count, complaints.Count);
        Assert.Empty(named.Zip(complaints).SelectMany(pair => pair.Second.Select(
            complaint => $"{pair.First.Name}: {pair.First.Object["kind"]}: {complaint}")));
    }

    [Fact]
    public async Task Workloads_Injected_FitTheirSchemaAsBefore()
    {
        judges.Require();
        var before = new List<JsonObject>();
        var after = new List<JsonObject>();
        foreach (var output in Directory.GetFiles(Path.Combine(Webhook.Repository, "tests", "golden"), "output.yaml", SearchOption.AllDirectories))
        {
            after.AddRange(Objects(output));
            before.AddRange(Objects(Path.Combine(Path.GetDirectoryName(output)!, "input.yaml")));
        }

        var complaints = await judges.Judge([.. before, .. after]);

        Assert.True(after.Count > 50 && after.Count == before.Count);
        Assert.All(after.Index(), item => Assert.Subset(
            Kinds(complaints[item.Index]), Kinds(complaints[before.Count + item.Index])));
    }

    [Fact]
    public async Task Objects_WithOneMistakeEach_AreFound()
    {
        judges.Require();
        var guard = await Installation.Build(await Kubectl(), "overlays/guard");
        var broken = Mistakes.Select(mistake => Broken(guard, mistake.Kind, mistake.Pointer, mistake.Value)).ToArray();

        var complaints = await judges.Judge(broken);

        Assert.All(Mistakes.Zip(complaints), pair => Assert.Contains(
            pair.Second, complaint => complaint.Contains(pair.First.Complaint, StringComparison.Ordinal)));
    }

    private static (string Kind, string Pointer, string? Value, string Complaint)[] Mistakes =>
    [
        ("Deployment", "/spec/template/spec/containers/0/readinessProbe/faliureThreshold", "1", "faliureThreshold"),
        ("Deployment", "/spec/replicas", "\"2\"", "data/spec/replicas must be integer"),
        ("Deployment", "/apiVersion", "\"apps/v2\"", "there is no schema of apps/v2 Deployment"),
        ("Certificate", "/spec/dnsname", "[]", "dnsname"),
        ("Certificate", "/spec/secretName", null, "required property secretName"),
        ("MutatingWebhookConfiguration", "/webhooks/0/matchCondition", "[]", "matchCondition"),
        ("MutatingWebhookConfiguration", "/webhooks/0/sideEffects", "\"Nothing\"", "data/webhooks/0/sideEffects"),
        ("ValidatingAdmissionPolicy", "/spec/validation", "[]", "validation"),
        ("NetworkPolicy", "/spec/policyType", "[]", "policyType"),
        ("Service", "/metadata/label", "{}", "label"),
    ];

    private static JsonObject Broken(Installation installation, string kind, string pointer, string? value)
    {
        var broken = installation.Manifests.First(one => (string)one["kind"]! == kind).DeepClone().AsObject();
        var path = pointer.Split('/')[1..];
        var parent = path[..^1].Aggregate((JsonNode)broken, (node, step) => node is JsonArray list
            ? list[int.Parse(step, CultureInfo.InvariantCulture)]! : node[step]!).AsObject();
        parent.Remove(path[^1]);
        if (value is not null)
        {
            parent[path[^1]] = JsonNode.Parse(value);
        }

        return broken;
    }

    private static async Task<Kubectl> Kubectl()
    {
        var binaries = await ControlPlaneBinaries.Provision();
        Assert.SkipWhen(binaries.Folder is null, binaries.SkipReason);
        return new(binaries.PathOf("kubectl"), "/dev/null", Path.GetTempPath());
    }

    private static HashSet<string> Kinds(string[] complaints) => [.. complaints.Select(text => Complaint.Match(text).Value)];

    private static IEnumerable<JsonObject> Objects(string file) =>
        YamlFile.Parse(File.ReadAllText(file), out _)!.Documents
            .Select(document => JsonNode.Parse(document.Json.GetRawText()) as JsonObject).OfType<JsonObject>()
            .SelectMany(one => one["items"] is JsonArray items ? items.Select(item => item!.AsObject()) : [one]);
}
