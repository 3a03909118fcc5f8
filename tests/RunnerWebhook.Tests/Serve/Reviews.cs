using System.Text.Json.Nodes;

namespace RunnerWebhook.Tests.Serve;

/// <summary>AdmissionReviews as an API server sends them.</summary>
internal static class Reviews
{
    public const string Uid = "6a2f3c1e-0000-4000-8000-00000000c0de";

    public static string Create(JsonNode obj) => Of("CREATE", obj, null);

    public static string Update(JsonNode obj, JsonNode old) => Of("UPDATE", obj, old);

    private static string Of(string operation, JsonNode obj, JsonNode? old)
    {
        var kind = (string)obj["kind"]!;
        var group = kind == "Pod" ? "" : "apps";
        return new JsonObject
        {
            ["apiVersion"] = "admission.k8s.io/v1",
            ["kind"] = "AdmissionReview",
            ["request"] = new JsonObject
            {
                ["uid"] = Uid,
                ["kind"] = new JsonObject { ["group"] = group, ["version"] = "v1", ["kind"] = kind },
                ["resource"] = new JsonObject
                {
                    ["group"] = group,
                    ["version"] = "v1",
                    ["resource"] = kind == "Pod" ? "pods" : "daemonsets",
                },
                ["namespace"] = obj["metadata"]?["namespace"]?.DeepClone() ?? "",
                ["name"] = obj["metadata"]?["name"]?.DeepClone() ?? "",
                ["operation"] = operation,
                ["object"] = obj.DeepClone(),
                ["oldObject"] = old?.DeepClone(),
                ["dryRun"] = false,
            },
        }.ToJsonString();
    }
}
