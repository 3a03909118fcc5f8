using System.Text.Json.Nodes;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.ClusterTests.Manifests;

/// <summary>The Pods and DaemonSets of the golden cases that an API server would send: those with the label that are no mirror
/// pods.</summary>
internal static class GoldenWorkloads
{
    private static readonly string Folder = Path.Combine(Webhook.Repository, "tests", "golden");

    /// <summary>As the teams wrote them.</summary>
    public static IEnumerable<AdmissionCase> Inputs() => Read("input.yaml");

    /// <summary>As they come out; refused ones don't.</summary>
    public static IEnumerable<AdmissionCase> Outputs() => Read("output.yaml");

    /// <summary>Everything that differs from a workload by one field that is gone.</summary>
    public static IEnumerable<AdmissionCase> WithoutAPiece(AdmissionCase whole)
    {
        foreach (var field in new[] { "hostUsers", "runtimeClassName", "terminationGracePeriodSeconds" }
            .Where(field => AdmissionCase.TemplateOf(whole.Object)["spec"]![field] is not null))
        {
            yield return Without(whole, spec => spec.AsObject().Remove(field), field);
        }

        string[] lists = ["initContainers", "volumes", "containers"];
        foreach (var list in lists)
        {
            for (var i = 0; i < Elements(whole.Object, list).Count; i++)
            {
                if (list != "containers")
                {
                    yield return Without(whole, spec => spec[list]!.AsArray().RemoveAt(i), $"{list}[{i}]");
                    continue;
                }

                var container = Elements(whole.Object, list)[i]!.AsObject();
                foreach (var field in container.Select(field => field.Key).Where(key => key is "lifecycle" or "env" or "volumeMounts"))
                {
                    yield return Without(whole, spec => spec[list]![i]!.AsObject().Remove(field), $"containers[{i}].{field}");
                }

                for (var mount = 0; mount < (container["volumeMounts"]?.AsArray().Count ?? 0); mount++)
                {
                    yield return Without(whole, spec => spec[list]![i]!["volumeMounts"]!.AsArray().RemoveAt(mount),
                        $"containers[{i}].volumeMounts[{mount}]");
                }
            }
        }
    }

    private static JsonArray Elements(JsonNode workload, string list) =>
        AdmissionCase.TemplateOf(workload)["spec"]![list]?.AsArray() ?? [];

    private static AdmissionCase Without(AdmissionCase whole, Action<JsonNode> remove, string what)
    {
        var copy = whole.Object.DeepClone();
        remove(AdmissionCase.TemplateOf(copy)["spec"]!);
        return whole with { Name = $"{whole.Name} without {what}", Object = copy };
    }

    private static IEnumerable<AdmissionCase> Read(string file)
    {
        // An API server knows the shape of its fields, and sends on nothing malformed.
        foreach (var folder in Directory.GetDirectories(Folder).Where(folder => File.Exists(Path.Combine(folder, file))
            && !Path.GetFileName(folder).StartsWith("denied-malformed", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            if (YamlFile.Parse(File.ReadAllText(Path.Combine(folder, file)), out _) is not { } yaml)
            {
                continue;
            }

            var own = Path.Combine(folder, "config.yaml");
            var config = File.Exists(own) ? own : Path.Combine(Folder, "config.yaml");
            var injector = new Injector(ConfigurationFile.Read(File.ReadAllText(config), config, out _)!, ProgramVersion.Text);
            foreach (var node in yaml.Documents.Select(document => JsonText.ToNode(document.Json)!).Where(IsSent))
            {
                yield return new($"{Path.GetFileName(folder)}/{file}", injector, node);
            }
        }
    }

    private static bool IsSent(JsonNode? node) => node is JsonObject && (string?)node["kind"] is "Pod" or "DaemonSet"
        && (string?)node["metadata"]?["labels"]?["gitlab-runner"] == "inject"
        && ((string?)node["kind"] == "DaemonSet" || node["metadata"]!["annotations"]?["kubernetes.io/config.mirror"] is null)
        && AdmissionCase.TemplateOf(node)["spec"] is JsonObject spec && spec["containers"] is JsonArray;
}
