using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Check;

/// <summary>A file of a support bundle.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="Text">Its content, without secrets.</param>
internal sealed record SupportFile(string Name, string Text);

/// <summary>Reads what a report of a bug needs: the installation's objects, events and logs. Secrets are never read.</summary>
internal sealed class SupportReader(ApiClient client, CheckScope scope, CancellationToken cancellation)
{
    private const int LogLines = 2000;
    private const int AdminPort = 8080;

    /// <summary>Reads. What can't be read is a file that says why.</summary>
    public async Task<ImmutableArray<SupportFile>> Read()
    {
        var installation = scope.Installation;
        var configuration = await One(ApiResource.ConfigMaps, installation, WellKnown.Program);
        var secrets = KnownSecrets.In(configuration.Has(out var map) ? map.Text("data", ClusterSurvey.ConfigurationKey) : "");
        var pods = await Many(ApiResource.Pods, installation, ClusterSurvey.Replicas);
        SupportFile[] files =
        [
            File("version", await Reading.Of("read the version", () => client.Get("version", cancellation))),
            Configuration(configuration, secrets),
            File("webhook-configuration", await One(ApiResource.MutatingWebhookConfigurations, null, WellKnown.Program)),
            File("deployment", await One(ApiResource.Deployments, installation, WellKnown.Program)),
            File("namespace", await One(ApiResource.Namespaces, null, installation)),
            File("endpoint-slices",
                await Many(ApiResource.EndpointSlices, installation, $"kubernetes.io/service-name={WellKnown.Program}")),
            File("events", await Many(ApiResource.Events, installation, null)),
            File("pods", pods),
            .. (await Task.WhenAll(pods.Or([]).Select(pod => Of(pod.Text("metadata", "name"))))).SelectMany(found => found),
        ];
        return [.. files.Select(file => file with { Text = secrets.Mask(Redaction.Of(file.Text)) })];
    }

    // Written anew from its values: comments may hold anything.
    private static SupportFile Configuration(Reading<JsonElement> map, KnownSecrets secrets) =>
        !map.Has(out var found) ? new("configuration.error.txt", map.Problem ?? "there is no ConfigMap")
        : YamlFile.Parse(found.Text("data", ClusterSurvey.ConfigurationKey), out _) is not { } file
            ? new("configuration.error.txt", "it is no YAML, and is not shown, as it may hold secrets")
            : new("configuration.yaml", string.Join("---\n", file.Documents.Select(document =>
                YamlWriter.Write(JsonElement.Parse(secrets.Mask(JsonText.ToNode(document.Json))?.ToJsonString() ?? "null")))));

    private Task<Reading<JsonElement>> One(ApiResource resource, string? owner, string name) => Reading.OfOne(
        $"get {resource.Plural}/{name}", () => client.Find(resource, owner, name, cancellation));

    private Task<Reading<ImmutableArray<JsonElement>>> Many(ApiResource resource, string owner, string? labels) => Reading.Of(
        $"list {resource.Plural} in namespace {owner}",
        async () => (await client.List(resource, owner, new() { Labels = labels }, cancellation)).Items);

    private async Task<IEnumerable<SupportFile>> Of(string pod)
    {
        var path = ApiResource.Pods.PathOf(scope.Installation, pod);
        var proxy = $"{ApiResource.Pods.PathOf(scope.Installation)}/{pod}:{AdminPort}/proxy";
        return await Task.WhenAll(
            Text($"pods/{pod}/log.txt", "get pods/log", $"{path}/log?container={WellKnown.Program}&tailLines={LogLines}"),
            Text($"pods/{pod}/previous-log.txt", "get pods/log",
                $"{path}/log?container={WellKnown.Program}&tailLines={LogLines}&previous=true"),
            Text($"pods/{pod}/readyz.txt", "get pods/proxy", proxy + "/readyz?verbose"),
            Text($"pods/{pod}/metrics.txt", "get pods/proxy", proxy + "/metrics"));
    }

    private async Task<SupportFile> Text(string name, string right, string path)
    {
        var text = await Reading.Of(right, () => client.Text(path, cancellation));
        return new(name, text.Or(text.Problem ?? "there is none"));
    }

    private static SupportFile File(string name, Reading<JsonElement> reading) => reading.Has(out var json)
        ? new($"{name}.yaml", YamlWriter.Write(Scrubbed(json)))
        : new($"{name}.error.txt", reading.Problem ?? "it does not exist");

    private static SupportFile File(string name, Reading<ImmutableArray<JsonElement>> reading) => reading.Has(out var items)
        ? new($"{name}.yaml", string.Join("---\n", items.Select(item => YamlWriter.Write(Scrubbed(item)))))
        : new($"{name}.error.txt", reading.Problem ?? "this API server has no such kind");

    // Values of variables may be anything; annotations of tools hold whole manifests.
    private static JsonElement Scrubbed(JsonElement json)
    {
        var node = JsonText.ToNode(json)!;
        Scrub(node);
        return JsonElement.Parse(node.ToJsonString());
    }

    private static void Scrub(JsonNode node)
    {
        if (node is JsonObject map)
        {
            map.Remove("managedFields");
            map.Remove("kubectl.kubernetes.io/last-applied-configuration");
            foreach (var variable in (map["env"] as JsonArray ?? []).OfType<JsonObject>()
                .Where(entry => entry.ContainsKey("value")))
            {
                variable["value"] = Redaction.Mark;
            }

            foreach (var name in (map["annotations"] as JsonObject ?? []).Select(entry => entry.Key).Where(IsForeign).ToArray())
            {
                map["annotations"]![name] = Redaction.Mark;
            }
        }

        foreach (var child in node switch
        {
            JsonObject members => members.Select(member => member.Value).ToArray(),
            JsonArray items => [.. items],
            _ => [],
        })
        {
            if (child is not null)
            {
                Scrub(child);
            }
        }
    }

    // Kubernetes' own annotations and ours hold no secrets.
    private static bool IsForeign(string name) => !name.StartsWith(WellKnown.AnnotationPrefix, StringComparison.Ordinal)
        && !name.Split('/')[0].EndsWith("kubernetes.io", StringComparison.Ordinal)
        && !name.StartsWith("cert-manager.io/", StringComparison.Ordinal);
}
