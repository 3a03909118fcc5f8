using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// Digests of pieces that stay the same when an API server stores the piece. It drops what is empty (Go's
/// <c>omitempty</c>), adds defaults, and rewrites quantities; none of that is a change that somebody made.
/// </summary>
public static class PieceDigest
{
    /// <summary>The digest of a piece: 12 hexadecimal digits.</summary>
    public static string Of(JsonNode value) => CanonicalJson.Digest(Normalize(value));

    private static JsonNode? Normalize(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                var kept = new JsonObject();
                foreach (var (name, member) in map)
                {
                    var value = name is "requests" or "limits" ? Quantities(member) : Normalize(member);
                    if (!IsEmpty(value) && !IsDefault(map, name, value))
                    {
                        kept[name] = value;
                    }
                }

                return kept;
            case JsonArray list:
                return new JsonArray([.. list.Select(Normalize)]);
            default:
                return node?.DeepClone();
        }
    }

    private static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonObject map => map.Count == 0,
        JsonArray list => list.Count == 0,
        _ => value.GetValueKind() == JsonValueKind.False
            || (value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Length == 0),
    };

    // Source: SetDefaults_Container, SetDefaults_ObjectFieldSelector and their like in Kubernetes' core/v1 defaults.
    private static bool IsDefault(JsonObject parent, string name, JsonNode? value)
    {
        if (value is not JsonValue || value.GetValueKind() != JsonValueKind.String)
        {
            return false;
        }

        return (name, value.GetValue<string>()) switch
        {
            ("terminationMessagePath", "/dev/termination-log") or ("terminationMessagePolicy", "File") => true,
            ("procMount", "Default") => true,
            ("apiVersion", "v1") => parent.ContainsKey("fieldPath"),
            ("imagePullPolicy", var policy) => policy == DefaultPullPolicy((string?)parent["image"] ?? ""),
            _ => false,
        };
    }

    private static string DefaultPullPolicy(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        var isLatest = !name.Contains('@', StringComparison.Ordinal)
            && (!name.Contains(':', StringComparison.Ordinal) || name.EndsWith(":latest", StringComparison.Ordinal));
        return isLatest ? "Always" : "IfNotPresent";
    }

    private static JsonNode? Quantities(JsonNode? map) => map is JsonObject quantities
        ? new JsonObject(quantities.Select(member => KeyValuePair.Create(
            member.Key, member.Value is JsonValue value ? Quantity.Canonical(value.ToString()) : member.Value?.DeepClone())))
        : map?.DeepClone();
}
