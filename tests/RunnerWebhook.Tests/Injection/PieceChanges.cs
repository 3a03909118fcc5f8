using System.Text.Json.Nodes;

namespace RunnerWebhook.Tests.Injection;

/// <summary>What other webhooks, update bots, kustomize and people change in the pods that were injected.</summary>
internal static class PieceChanges
{
    /// <summary>Settings that differ in the pieces that they give.</summary>
    public static readonly string[] Settings =
    [
        "", "    engine: {kind: dind, dind: {sidecar: native}}\n", "    certificates: {secretName: ca}\n",
        "    engine: {kind: remote, remote: {host: \"tcp://docker:2376\", tlsSecretName: docker-client}}\n",
    ];

    public static readonly Dictionary<string, Action<JsonObject>> Habits = new()
    {
        ["mirror"] = spec => Each(spec, container => container["image"] = $"mirror.example.com/{container["image"]}"),
        ["digest"] = spec => Each(spec, container => container["image"] = $"{container["image"]}@sha256:{new string('0', 64)}"),
        ["resources"] = spec => Each(spec, container => container["resources"] = JsonNode.Parse("""{"limits":{"cpu":"2"}}""")),
        ["rights"] = spec => Each(spec, container => container["securityContext"] ??=
            JsonNode.Parse("""{"allowPrivilegeEscalation":false}""")),
        ["variable"] = spec => Each(spec, container => List(container, "env").Add(JsonNode.Parse("""{"name":"MESH","value":"on"}"""))),
        ["variables of a ConfigMap"] = spec => Each(spec, container => container["envFrom"] =
            JsonNode.Parse("""[{"configMapRef":{"name":"proxy"}}]""")),
        ["message"] = spec => Each(spec, container => container["terminationMessagePolicy"] = "FallbackToLogsOnError"),
        ["resize"] = spec => Each(spec, container => container["resizePolicy"] =
            JsonNode.Parse("""[{"resourceName":"cpu","restartPolicy":"NotRequired"}]""")),
        ["token"] = spec =>
        {
            List(spec, "volumes").Add(JsonNode.Parse("""{"name":"token","projected":{"sources":[]}}"""));
            Each(spec, container => List(container, "volumeMounts").Add(
                JsonNode.Parse("""{"name":"token","mountPath":"/var/run/secrets/token","readOnly":true}""")));
        },
        ["sidecar"] = spec => List(spec, "containers").Insert(0, JsonNode.Parse("""{"name":"mesh","image":"mesh:1"}""")),
    };

    public static readonly Dictionary<string, Action<JsonObject>> Changes = new()
    {
        ["init command"] = spec => Ours(spec)["args"]!.AsArray().Add("--locked=true"),
        ["init variable"] = spec => Ours(spec)["env"]!.AsArray().First(own => (string)own!["name"]! == "HOME")!["value"] = "/tmp",
        ["other Secrets"] = spec => ReplaceTexts(spec, "ca", "gitlab-runner-token", "docker-client"),
        ["volume"] = spec => List(spec, "volumes").OfType<JsonObject>().First(own => (string)own["name"]! == "runner-config")
            ["emptyDir"] = new JsonObject { ["sizeLimit"] = "5Mi" },
        ["mount"] = spec => Runner(spec)["volumeMounts"]!.AsArray().First(own =>
            (string)own!["mountPath"]! == "/etc/gitlab-runner")!["readOnly"] = false,
        ["hook"] = spec => Runner(spec)["lifecycle"]!["preStop"]!["exec"]!["command"] = new JsonArray("true"),
        ["grace period"] = spec => spec["terminationGracePeriodSeconds"] = 77,
        ["sidecar on our volume"] = spec => List(spec, "containers").Add(JsonNode.Parse(
            """{"name":"exporter","image":"x","volumeMounts":[{"name":"runner-config","mountPath":"/config"}]}""")),
    };

    /// <summary>A habit or a change.</summary>
    public static Action<JsonObject> Named(string change) => Habits.GetValueOrDefault(change) ?? Changes[change];

    public static JsonObject Runner(JsonObject spec) => Named(spec, "containers", "gitlab-runner");

    public static JsonObject Ours(JsonObject spec) => Named(spec, "initContainers", "init-runner");

    private static JsonObject Named(JsonObject spec, string list, string name) =>
        spec[list]!.AsArray().OfType<JsonObject>().First(container => (string)container["name"]! == name);

    // As kustomize does, which knows where a Secret's name can be.
    private static void ReplaceTexts(JsonNode node, params string[] secrets)
    {
        foreach (var (key, value) in node is JsonObject map ? map.ToArray() : [])
        {
            if (key is "secretName" or "name" && value is JsonValue text && secrets.Contains(text.ToString()))
            {
                node[key] = "prod-" + text;
            }
        }

        foreach (var child in node is JsonArray list ? [.. list] : node is JsonObject own ? own.Select(member => member.Value).ToArray() : [])
        {
            if (child is not null)
            {
                ReplaceTexts(child, secrets);
            }
        }
    }

    public static JsonArray List(JsonObject parent, string name)
    {
        if (parent[name] is null)
        {
            parent[name] = new JsonArray();
        }

        return parent[name]!.AsArray();
    }

    public static void Each(JsonObject spec, Action<JsonObject> change)
    {
        foreach (var container in (spec["initContainers"]?.AsArray() ?? []).Concat(spec["containers"]!.AsArray()))
        {
            change(container!.AsObject());
        }
    }
}
