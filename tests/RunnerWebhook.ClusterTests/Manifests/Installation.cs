using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.ClusterTests.Manifests;

/// <summary>One folder of the manifests as <c>kubectl kustomize</c> builds it.</summary>
internal sealed record Installation(IReadOnlyList<JsonObject> Manifests)
{
    /// <summary>The first release that has match conditions and admission policies by default.</summary>
    public static KubernetesVersion AdmissionPolicies { get; } = new(1, 30);

    private static readonly string Root = Path.Combine(Webhook.Repository, "charts-free-manifests");

    /// <summary>What users can install: the default, and every overlay.</summary>
    public static IReadOnlyList<string> Folders { get; } =
    [
        ".", .. Directory.GetDirectories(Path.Combine(Root, "overlays")).Select(folder => "overlays/" + Path.GetFileName(folder))
            .Where(folder => folder != Policies).Order(StringComparer.Ordinal),
    ];

    /// <summary>What injects without a webhook.</summary>
    public const string Policies = "overlays/admission-policy";

    /// <summary>What installations are put together of.</summary>
    public static IReadOnlyList<string> Components { get; } = [.. Directory.GetDirectories(Path.Combine(Root, "components"))
        .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>Builds an installation of the base and one component, or of an overlay if the component needs one.</summary>
    public static async Task<Installation> Compose(Kubectl kubectl, string component)
    {
        // It adds to the arguments, which come with the way certificates are made.
        var below = component == "client-ca" ? "overlays/cert-manager" : "base";
        var folder = Directory.CreateTempSubdirectory("runner-webhook-kustomize").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "kustomization.yaml"), $"""
                resources: [{Path.GetRelativePath(folder, Path.Combine(Root, below))}]
                components: [{Path.GetRelativePath(folder, Path.Combine(Root, "components", component))}]
                """);
            return await Build(kubectl, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static async Task<Installation> Build(Kubectl kubectl, string folder)
    {
        var text = (await kubectl.Run("kustomize", Path.Combine(Root, folder))).Ensure().Output;
        var file = YamlFile.Parse(text, out var error) ?? throw new InvalidDataException($"{folder}: {error}");
        return new([.. file.Documents.Select(document => JsonNode.Parse(document.Json.GetRawText())!.AsObject())]);
    }

    /// <summary>What an API server of a release can have. From 1.30 on that is all of it, as it is shipped; before,
    /// policy/v1 (1.21), match conditions (1.28) and admission policies (1.30) are taken out.</summary>
    public Installation For(KubernetesVersion server) => server >= AdmissionPolicies
        ? this
        : new([.. Manifests.Select(manifest => Older(manifest.DeepClone().AsObject()))]);

    /// <summary>The manifests as one file.</summary>
    public override string ToString() => string.Join('\n', Manifests.Select(manifest => manifest.ToJsonString()));

    /// <summary>The only object of a kind.</summary>
    public JsonObject Only(string kind) => Manifests.Single(manifest => (string)manifest["kind"]! == kind);

    private static JsonObject Older(JsonObject manifest)
    {
        if ((string)manifest["kind"]! == "PodDisruptionBudget")
        {
            manifest["apiVersion"] = "policy/v1beta1";
        }

        foreach (var hook in manifest["webhooks"]?.AsArray() ?? [])
        {
            hook!.AsObject().Remove("matchConditions");
        }

        return manifest;
    }
}
