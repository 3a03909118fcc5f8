using System.Text.Json.Nodes;

namespace RunnerWebhook.Tests.Oracle;

/// <summary>
/// RFC 6902 to the letter, written apart from the product's own code: the tests' first opinion on every patch. (The
/// second is Microsoft's package, which deviates: it takes the index 01 and throws where a path is empty.)
/// </summary>
internal static class StrictJsonPatch
{
    public static JsonNode? Apply(string documentJson, string patchJson)
    {
        var holder = new JsonObject { ["root"] = JsonNode.Parse(documentJson) };
        foreach (var operation in JsonNode.Parse(patchJson)!.AsArray())
        {
            Apply(holder, operation!.AsObject());
        }

        return holder["root"]?.DeepClone();
    }

    private static void Apply(JsonObject holder, JsonObject operation)
    {
        var path = (string)operation["path"]!;
        if (path.Length > 0 && path[0] != '/')
        {
            throw new InvalidDataException($"'{path}' is no JSON Pointer");
        }

        var tokens = path.Split('/').Select(token => token.Replace("~1", "/").Replace("~0", "~")).ToArray();
        tokens[0] = "root";
        JsonNode parent = holder;
        foreach (var token in tokens[..^1])
        {
            parent = Get(parent, token) ?? throw new InvalidDataException($"nothing at '{token}' of '{path}'");
        }

        Change(parent, tokens[^1], (string)operation["op"]!, operation, path);
    }

    private static void Change(JsonNode parent, string last, string op, JsonObject operation, string path)
    {
        if (op is "add" or "replace" && !operation.ContainsKey("value"))
        {
            throw new InvalidDataException($"{op} of '{path}' has no value");
        }

        switch (op, parent)
        {
            case ("add", JsonArray list):
                list.Insert(last == "-" ? list.Count : Index(last, list.Count + 1), operation["value"]?.DeepClone());
                break;
            case ("replace", JsonArray list):
                list[Index(last, list.Count)] = operation["value"]?.DeepClone();
                break;
            case ("remove", JsonArray list):
                list.RemoveAt(Index(last, list.Count));
                break;
            case ("add", JsonObject map):
                map[last] = operation["value"]?.DeepClone();
                break;
            case ("replace", JsonObject map) when map.ContainsKey(last):
                map[last] = operation["value"]?.DeepClone();
                break;
            case ("remove", JsonObject map) when map.Remove(last):
                break;
            default:
                throw new InvalidDataException($"{op} of '{path}' does not fit");
        }
    }

    private static JsonNode? Get(JsonNode parent, string token) => parent switch
    {
        JsonObject map when map.TryGetPropertyValue(token, out var value) => value,
        JsonArray list => list[Index(token, list.Count)],
        _ => throw new InvalidDataException($"nothing at '{token}'"),
    };

    private static int Index(string token, int count) =>
        token is "0" || (token.Length is > 0 and < 10 && token[0] is >= '1' and <= '9' && token.All(char.IsAsciiDigit))
            ? int.Parse(token, System.Globalization.CultureInfo.InvariantCulture) is var index && index < count
                ? index
                : throw new InvalidDataException($"index {token} is out of range")
            : throw new InvalidDataException($"'{token}' is no index");
}
