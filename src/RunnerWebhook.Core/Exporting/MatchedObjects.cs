using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>Which requests a policy sees: those that the shipped MutatingWebhookConfiguration sends to the webhook.</summary>
internal static class MatchedObjects
{
    // The cluster's own namespaces must start without us.
    private static readonly string[] LeftOut =
        ["kube-system", "kube-public", "kube-node-lease", "cert-manager", WellKnown.Program];

    /// <summary><c>matchConstraints</c>.</summary>
    /// <param name="hasDaemonSets">Whether DaemonSets are injected, and not their pods alone.</param>
    public static JsonObject Constraints(bool hasDaemonSets) => new()
    {
        ["objectSelector"] = Selector((WellKnown.InjectLabel, "In", [WellKnown.InjectValue])),
        ["namespaceSelector"] = Selector(
            ("kubernetes.io/metadata.name", "NotIn", LeftOut),
            (WellKnown.InjectionLabel, "NotIn", [WellKnown.ExcludedValue])),
        ["resourceRules"] = hasDaemonSets
            ? new JsonArray(Rule("", "pods", "CREATE"), Rule("apps", "daemonsets", "CREATE", "UPDATE"))
            : new JsonArray(Rule("", "pods", "CREATE")),
    };

    private static JsonObject Selector(params (string Key, string Operator, string[] Values)[] requirements)
    {
        var list = new JsonArray();
        foreach (var (key, comparison, values) in requirements)
        {
            list.Add((JsonNode)new JsonObject { ["key"] = key, ["operator"] = comparison, ["values"] = JsonText.Array(values) });
        }

        return new() { ["matchExpressions"] = list };
    }

    private static JsonObject Rule(string group, string resource, params string[] operations) => new()
    {
        ["apiGroups"] = JsonText.Array([group]),
        ["apiVersions"] = JsonText.Array(["v1"]),
        ["resources"] = JsonText.Array([resource]),
        ["operations"] = JsonText.Array(operations),
        ["scope"] = "Namespaced",
    };
}
