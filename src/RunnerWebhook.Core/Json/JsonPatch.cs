using System.Globalization;
using System.Text.Json.Nodes;

namespace RunnerWebhook.Core.Json;

/// <summary>Applies the patches that this program makes (RFC 6902) to a document.</summary>
public static class JsonPatch
{
    /// <summary>Applies all operations in order and returns the new document; the operations are not changed.</summary>
    /// <param name="document">The document; it is changed in place if it is an object or an array.</param>
    /// <param name="operations">The operations.</param>
    /// <exception cref="InvalidOperationException">
    /// A path does not fit the document. The patches of this program always fit the document they were made for, so
    /// this is a fault, not bad input.
    /// </exception>
    public static JsonNode? Apply(JsonNode? document, IEnumerable<PatchOperation> operations)
    {
        foreach (var operation in operations)
        {
            if (operation.Path.Tokens.IsEmpty)
            {
                document = operation.Op == PatchOp.Remove ? null : operation.Value?.DeepClone();
                continue;
            }

            var parent = Resolve(document, operation.Path.Parent);
            switch (parent)
            {
                case JsonObject map:
                    ApplyToMember(map, operation);
                    break;
                case JsonArray list:
                    ApplyToElement(list, operation);
                    break;
                default:
                    throw Misfit(operation.Path);
            }
        }

        return document;
    }

    private static JsonNode? Resolve(JsonNode? node, JsonPointer path)
    {
        foreach (var token in path.Tokens)
        {
            node = node switch
            {
                JsonObject map when map.TryGetPropertyValue(token, out var member) => member,
                JsonArray list when IndexOf(token, list.Count - 1) is { } index => list[index],
                _ => throw Misfit(path),
            };
        }

        return node;
    }

    private static void ApplyToMember(JsonObject map, PatchOperation operation)
    {
        var name = operation.Path.Last;
        if (operation.Op != PatchOp.Add && !map.ContainsKey(name))
        {
            throw Misfit(operation.Path);
        }

        if (operation.Op == PatchOp.Remove)
        {
            map.Remove(name);
        }
        else
        {
            map[name] = operation.Value?.DeepClone();
        }
    }

    private static void ApplyToElement(JsonArray list, PatchOperation operation)
    {
        var token = operation.Path.Last;
        if (operation.Op == PatchOp.Add)
        {
            var at = token == "-" ? list.Count : IndexOf(token, list.Count) ?? throw Misfit(operation.Path);
            list.Insert(at, operation.Value?.DeepClone());
            return;
        }

        var index = IndexOf(token, list.Count - 1) ?? throw Misfit(operation.Path);
        if (operation.Op == PatchOp.Remove)
        {
            list.RemoveAt(index);
        }
        else
        {
            list[index] = operation.Value?.DeepClone();
        }
    }

    // RFC 6901, section 4: digits only, no leading zero.
    private static int? IndexOf(string token, int max) =>
        token.Length > 0 && token.All(char.IsAsciiDigit) && (token.Length == 1 || token[0] != '0')
        && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= max
            ? index
            : null;

    private static InvalidOperationException Misfit(JsonPointer path) =>
        new($"The patch does not fit the document: there is nothing to change at '{path}'.");
}
