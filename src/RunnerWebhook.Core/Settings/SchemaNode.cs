using System.Text.Json.Nodes;

namespace RunnerWebhook.Core.Settings;

/// <summary>Pieces of a JSON Schema. Null is allowed wherever a key may be left out: the reader takes it for that.</summary>
internal static class SchemaNode
{
    /// <summary>A mapping with these keys and no others.</summary>
    public static JsonObject Mapping(string description, params ReadOnlySpan<(string Name, JsonObject Schema)> members)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in members)
        {
            properties[name] = schema;
        }

        var node = Typed(description, "object", "null");
        node["properties"] = properties;
        node["additionalProperties"] = false;
        return node;
    }

    /// <summary>A mapping with keys of the user's own.</summary>
    public static JsonObject Map(string description, JsonObject values, string? keyPattern = null)
    {
        var node = Typed(description, "object", "null");
        node["additionalProperties"] = values;
        return keyPattern is null ? node : With(node, "propertyNames", new JsonObject { ["pattern"] = keyPattern });
    }

    /// <summary>A string.</summary>
    public static JsonObject Text(string description, string? unset = null, string? pattern = null, int? maxLength = null)
    {
        var node = Typed(description, "string", "null");
        node = unset is null ? node : With(node, "default", unset);
        node = pattern is null ? node : With(node, "pattern", pattern);
        return maxLength is null ? node : With(node, "maxLength", maxLength);
    }

    /// <summary>One of a few words.</summary>
    public static JsonObject Words(string description, string? unset, params IEnumerable<string> words)
    {
        var node = new JsonObject
        {
            ["description"] = description,
            ["enum"] = new JsonArray([.. words.Select(word => (JsonNode?)word), null]),
        };
        return unset is null ? node : With(node, "default", unset);
    }

    /// <summary>True or false.</summary>
    public static JsonObject Flag(string description, bool unset) =>
        With(Typed(description, "boolean", "null"), "default", unset);

    /// <summary>A whole number.</summary>
    public static JsonObject Whole(string description, int? unset, long min, long max)
    {
        var node = Typed(description, "integer", "null");
        node["minimum"] = min;
        node["maximum"] = max;
        return unset is null ? node : With(node, "default", unset);
    }

    /// <summary>One text, or a list of them. Numbers and booleans are texts here, spelt as they are.</summary>
    public static JsonObject Texts(string description, string? pattern = null)
    {
        var node = Typed(description, "array", "string", "number", "boolean", "null");
        var item = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") };
        node["items"] = pattern is null ? item : With(item, "pattern", pattern);
        return pattern is null ? node : With(node, "pattern", pattern);
    }

    /// <summary>A reference to a definition, with its own description.</summary>
    public static JsonObject Reference(string description, string definition) => new()
    {
        ["description"] = description,
        ["$ref"] = "#/$defs/" + definition,
    };

    /// <summary>The mapping, which needs these keys where it is there itself.</summary>
    public static JsonObject Required(JsonObject mapping, params IEnumerable<string> keys)
    {
        foreach (var property in keys.Select(key => mapping["properties"]![key]!))
        {
            var list = property["type"] as JsonArray ?? (JsonArray)property["enum"]!;
            list.RemoveAt(list.Count - 1);
        }

        return With(mapping, "required", new JsonArray([.. keys.Select(key => (JsonNode?)key)]));
    }

    /// <summary>The condition that a key is there, and isn't null.</summary>
    public static JsonObject Stated(string key) => new()
    {
        ["required"] = new JsonArray(key),
        ["properties"] = new JsonObject { [key] = new JsonObject { ["not"] = new JsonObject { ["type"] = "null" } } },
    };

    /// <summary>The node with one keyword more.</summary>
    public static JsonObject With(JsonObject node, string keyword, JsonNode? value)
    {
        node[keyword] = value;
        return node;
    }

    /// <summary>A node of these types.</summary>
    public static JsonObject Typed(string description, params IEnumerable<string> types) => new()
    {
        ["description"] = description,
        ["type"] = new JsonArray([.. types.Select(type => (JsonNode?)type)]),
    };
}
