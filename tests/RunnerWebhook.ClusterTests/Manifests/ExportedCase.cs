using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.Judges;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Exporting;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Manifests;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.ClusterTests.Manifests;

/// <summary>A golden case with its configuration as admission policies.</summary>
/// <param name="Name">The name of its folder.</param>
/// <param name="Objects">The Pods and DaemonSets that an API server would show to the policies.</param>
/// <param name="Policies">The policies.</param>
/// <param name="Injector">The engine with the same configuration.</param>
/// <param name="Namespaces">The Namespaces of the case.</param>
internal sealed record ExportedCase(
    string Name, JsonNode[] Objects, JsonObject[] Policies, Injector Injector, NamespaceManifests Namespaces)
{
    private static readonly string Folder = Path.Combine(Webhook.Repository, "tests", "golden");

    private JsonNode[] Spaces { get; init; } = [];

    /// <summary>What the API server is asked.</summary>
    public PolicyQuestion Question => new(Policies, [.. Objects.Select(workload => new PolicyRequest(
        "CREATE", workload, null, Spaces.FirstOrDefault(space => (string)space["metadata"]!["name"]! == SpaceOf(workload))
            ?? Space(workload)))]);

    /// <summary>Every golden case with a labelled Pod or DaemonSet of a shape that an API server takes.</summary>
    public static IEnumerable<ExportedCase> All()
    {
        foreach (var folder in Directory.GetDirectories(Folder).Order(StringComparer.Ordinal))
        {
            var input = Path.Combine(folder, "input.yaml");
            var own = Path.Combine(folder, "config.yaml");
            var config = File.Exists(own) ? own : Path.Combine(Folder, "config.yaml");
            var configuration = ConfigurationFile.Read(File.ReadAllText(config), config, out _)!;
            var injector = new Injector(configuration, ProgramVersion.Text) { Kubernetes = new(1, 36) };
            var documents = YamlFile.Parse(File.ReadAllText(input), out _)!.Documents.Select(document => JsonText.ToNode(document.Json));
            var nodes = documents.OfType<JsonObject>().SelectMany(document => (string?)document["kind"] == "List"
                ? document["items"]!.AsArray().Select(item => item!) : [document]).ToArray();
            var objects = nodes.Where(IsSent).ToArray();
            // An API server knows the shape of its fields, and sends on nothing malformed.
            if (objects.Length > 0 && !Path.GetFileName(folder).StartsWith("denied-malformed", StringComparison.Ordinal))
            {
                yield return new(Path.GetFileName(folder), objects, [.. AdmissionPolicies.Of(configuration, ProgramVersion.Text)],
                    injector, NamespaceManifests.In([new ManifestSource(input, File.ReadAllText(input))], configuration))
                {
                    Spaces = [.. nodes.Where(node => (string?)node["kind"] == "Namespace")],
                };
            }
        }
    }

    /// <summary>The Namespace of a workload of which nothing else is known.</summary>
    public static JsonNode Space(JsonNode workload) => new JsonObject { ["metadata"] = new JsonObject { ["name"] = SpaceOf(workload) } };

    /// <summary>A Pod of some size, which is spread over containers, variables, mounts and annotations.</summary>
    public static JsonNode LargePod(int bytes)
    {
        var pod = JsonNode.Parse("""
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "large", "namespace": "default",
             "labels": {"gitlab-runner": "inject"}, "annotations": {}},
             "spec": {"containers": [{"name": "gitlab-runner", "image": "gitlab/gitlab-runner:v17.5.0", "env": [], "volumeMounts": []}],
              "initContainers": [], "volumes": []}}
            """)!;
        for (var i = 0; pod.ToJsonString().Length < bytes; i++)
        {
            var text = $"{i:D4}-" + new string('x', 100);
            pod["metadata"]!["annotations"]![$"example.com/note-{i}"] = text;
            var runner = pod["spec"]!["containers"]![0]!;
            runner["env"]!.AsArray().Add(new JsonObject { ["name"] = $"VARIABLE_{i}", ["value"] = text });
            if (i % 4 == 0)
            {
                pod["spec"]!["volumes"]!.AsArray().Add(new JsonObject { ["name"] = $"volume-{i}", ["emptyDir"] = new JsonObject() });
                runner["volumeMounts"]!.AsArray().Add(new JsonObject { ["name"] = $"volume-{i}", ["mountPath"] = $"/data/{text}" });
                var other = new JsonObject
                {
                    ["name"] = $"other-{i}",
                    ["image"] = "busybox:1",
                    ["command"] = new JsonArray("sh", "-c", text),
                    ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = $"volume-{i}", ["mountPath"] = "/data" }),
                };
                pod["spec"]![i % 8 == 0 ? "containers" : "initContainers"]!.AsArray().Add(other);
            }
        }

        return pod;
    }

    /// <summary>What the webhook would answer.</summary>
    public InjectionOutcome Outcome(JsonNode workload) => Injector.Inject(Namespaces.AddTo(Read(workload)));

    /// <summary>The object with the webhook's answer applied.</summary>
    public JsonNode Injected(JsonNode workload) => JsonPatch.Apply(workload.DeepClone(), Outcome(workload).Patch)!;

    /// <summary>How the policies' answers differ from the webhook's.</summary>
    /// <param name="answers">The policies' answers.</param>
    /// <param name="webhooks">The webhook's results, as the API server reads them.</param>
    public IEnumerable<string> Differences(PolicyAnswer[] answers, PolicyAnswer[] webhooks)
    {
        foreach (var (answer, webhook) in answers.Zip(webhooks))
        {
            var outcome = Outcome(answer.Input!);
            var denied = outcome.IsDenied ? outcome.Sentence : "";
            if (answer.Error.Length > 0 || answer.Denied != denied)
            {
                yield return $"policy: {answer.Error}{answer.Denied}\nwebhook: {denied}";
            }
            else if (denied.Length == 0 && !JsonNode.DeepEquals(Compact(answer.Object!), Compact(webhook.Object!)))
            {
                yield return $"policy: {answer.Object!.ToJsonString()}\nwebhook: {webhook.Object!.ToJsonString()}";
            }
        }
    }

    /// <summary>The object without empty fields, its record as JSON.</summary>
    public static JsonNode Compact(JsonNode workload)
    {
        var copy = workload.DeepClone();
        if (AdmissionCase.TemplateOf(copy)["metadata"]?["annotations"] is JsonObject annotations
            && (string?)annotations[WellKnown.StatusAnnotation] is { } record)
        {
            annotations[WellKnown.StatusAnnotation] = JsonNode.Parse(record);
        }

        return copy;
    }

    private static string SpaceOf(JsonNode workload) => (string?)workload["metadata"]!["namespace"] ?? "default";

    /// <summary>The object as the engine sees it.</summary>
    public static Workload Read(JsonNode node)
    {
        var kind = WorkloadKind.Find((string)node["apiVersion"]!, (string)node["kind"]!)!;
        return WorkloadReader.Read(JsonText.ToElement(node), kind, SpaceOf(node), out var problems)
            ?? throw new InvalidDataException(string.Join("; ", problems));
    }

    private static bool IsSent(JsonNode node) => (string?)node["kind"] is "Pod" or "DaemonSet"
        && (string?)node["metadata"]?["labels"]?["gitlab-runner"] == "inject"
        && AdmissionCase.TemplateOf(node)["spec"] is JsonObject spec && spec["containers"] is JsonArray { Count: > 0 };
}
