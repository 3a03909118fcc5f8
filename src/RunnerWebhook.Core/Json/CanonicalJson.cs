using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace RunnerWebhook.Core.Json;

/// <summary>One text for equal JSON values: members sorted by name, no white space.</summary>
public static class CanonicalJson
{
    /// <summary>A copy with the members of every object in ordinal order of their names.</summary>
    public static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Sort(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sort)]),
        _ => node?.DeepClone(),
    };

    /// <summary>Whether a text can be a digest by <see cref="Digest"/>.</summary>
    public static bool IsDigest(string text) => text.Length == 12 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The first 12 hexadecimal digits of the SHA-256 of the canonical text.</summary>
    public static string Digest(JsonNode? node)
    {
        var text = Sort(node)?.ToJsonString() ?? "null";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
    }
}
