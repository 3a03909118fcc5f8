using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Tests.Admission;

/// <summary>Reviews of further pods of a workload, as controllers and the API server make them.</summary>
internal static partial class RolloutPod
{
    /// <summary>The review of another pod: other names, owner, node and letters.</summary>
    public static byte[] Another(byte[] body, string name)
    {
        var letters = $"z{name.Length % 10}{name[0]}{name[^1]}b";
        var review = JsonNode.Parse(Letters().Replace(Encoding.UTF8.GetString(body), "kube-api-access-" + letters))!;
        var request = review["request"]!.AsObject();
        request["uid"] = $"6a2f3c1e-0000-4000-8000-0000000{name.Length:00000}";
        var metadata = request["object"]!["metadata"]!.AsObject();
        metadata["ownerReferences"]?[0]?["uid"]?.ReplaceWith("uid-" + name);
        if ((string?)request["object"]!["kind"] == "Pod")
        {
            request["name"] = name;
            metadata["name"] = name;
            var affinity = request["object"]!["spec"]?["affinity"]?["nodeAffinity"];
            var term = affinity?["requiredDuringSchedulingIgnoredDuringExecution"]?["nodeSelectorTerms"]?[0];
            term?["matchFields"]?[0]?["values"]?[0]?.ReplaceWith("node-" + name);
        }

        return Encoding.UTF8.GetBytes(review.ToJsonString());
    }

    /// <summary>The review with the volume that the API server adds, mounted in every container.</summary>
    public static byte[] WithServiceAccount(byte[] body, WorkloadKind kind)
    {
        var review = JsonNode.Parse(body)!;
        foreach (var member in new[] { "object", "oldObject" })
        {
            var pod = review["request"]![member];
            foreach (var token in kind.TemplatePath.Tokens)
            {
                pod = pod?[token];
            }

            if (pod?["spec"] is JsonObject spec && spec["volumes"] is null or JsonArray)
            {
                AddTo(spec);
            }
        }

        return Encoding.UTF8.GetBytes(review.ToJsonString());
    }

    private static void AddTo(JsonObject spec)
    {
        var volumes = spec["volumes"] as JsonArray ?? [];
        spec["volumes"] = volumes;
        volumes.Add((JsonNode)new JsonObject
        {
            ["name"] = "kube-api-access-abcde",
            ["projected"] = new JsonObject { ["sources"] = new JsonArray() },
        });
        foreach (var container in (spec["containers"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (container["volumeMounts"] is null or JsonArray)
            {
                var mounts = container["volumeMounts"] as JsonArray ?? [];
                container["volumeMounts"] = mounts;
                mounts.Add((JsonNode)new JsonObject
                {
                    ["name"] = "kube-api-access-abcde",
                    ["mountPath"] = "/var/run/secrets/kubernetes.io/serviceaccount",
                });
            }
        }
    }

    [GeneratedRegex("kube-api-access-.{5}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Letters();
}
