using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Settings;

/// <summary>Pieces of a JSON Schema.</summary>
internal static class SchemaNode
{
    /// <summary>A value of one of these types.</summary>
    public static JsonObject Typed(params IEnumerable<string> types) =>
        new() { ["type"] = JsonText.Array(types) };

    /// <summary>The condition that a key is there, and isn't null.</summary>
    public static JsonNode Stated(string key) => new JsonObject
    {
        ["required"] = new JsonArray(key),
        ["properties"] = new JsonObject { [key] = new JsonObject { ["not"] = Typed("null") } },
    };

    /// <summary>The node with one keyword more; unchanged if the keyword's value is null.</summary>
    public static JsonObject With(this JsonObject node, string keyword, JsonNode? value)
    {
        if (value is not null)
        {
            node[keyword] = value;
        }

        return node;
    }

    /// <summary>The node, which allows null too: the reader takes it for an absent key.</summary>
    public static JsonObject OrNull(this JsonObject node)
    {
        (node["type"] as JsonArray)?.Add((JsonNode?)"null");
        (node["enum"] as JsonArray)?.Add(null);
        return node;
    }
}
