using System.Text.Json.Nodes;

namespace RunnerWebhook.ClusterTests.OtherWebhooks;

/// <summary>What other mutating webhooks and policy engines commonly do to a pod: they rewrite images to a mirror, add
/// default resources and a security context, and inject a sidecar with a volume. Every change is idempotent.</summary>
internal static class PodRewriter
{
    public const string Mirror = "mirror.example.com/";

    public const string Sidecar = "mesh-proxy";

    /// <summary>Changes a pod's spec in place.</summary>
    public static void Rewrite(JsonObject spec)
    {
        foreach (var container in Containers(spec).ToArray())
        {
            var image = (string)container["image"]!;
            container["image"] = image.StartsWith(Mirror, StringComparison.Ordinal) ? image : Mirror + image;
            Defaults(Child(Child(container, "resources"), "limits"), ("cpu", "2"), ("memory", "2Gi"));
            Defaults(Child(Child(container, "resources"), "requests"), ("cpu", "10m"), ("memory", "16Mi"));
            Defaults(Child(container, "securityContext"), ("allowPrivilegeEscalation", IsPrivileged(container)));
        }

        Defaults(Child(spec, "securityContext"), ("seccompProfile", new JsonObject { ["type"] = "RuntimeDefault" }));
        AddSidecar(spec);
    }

    /// <summary>Every container of a pod, init containers first.</summary>
    public static IEnumerable<JsonObject> Containers(JsonObject spec) =>
        (spec["initContainers"]?.AsArray() ?? []).Concat(spec["containers"]!.AsArray()).Select(one => one!.AsObject());

    private static void AddSidecar(JsonObject spec)
    {
        if (Containers(spec).Any(one => (string)one["name"]! == Sidecar))
        {
            return;
        }

        spec["volumes"] ??= new JsonArray();
        spec["volumes"]!.AsArray().Add(new JsonObject { ["name"] = "mesh", ["emptyDir"] = new JsonObject() });
        spec["containers"]!.AsArray().Add(new JsonObject
        {
            ["name"] = Sidecar,
            ["image"] = Mirror + "mesh/proxy:1.0",
            ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "mesh", ["mountPath"] = "/etc/mesh" }),
        });
    }

    private static bool IsPrivileged(JsonObject container) => (bool?)container["securityContext"]?["privileged"] ?? false;

    private static JsonObject Child(JsonObject owner, string key)
    {
        owner[key] ??= new JsonObject();
        return owner[key]!.AsObject();
    }

    private static void Defaults(JsonObject owner, params (string Key, JsonNode Value)[] defaults)
    {
        foreach (var (key, value) in defaults)
        {
            owner[key] ??= value;
        }
    }
}
