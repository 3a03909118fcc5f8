using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Yaml;

/// <summary>Short forms for splicing in tests.</summary>
internal static class PatchScript
{
    public static PatchOperation Add(string path, string json) =>
        PatchOperation.Add(JsonPointer.TryParse(path)!, JsonNode.Parse(json));

    public static PatchOperation Replace(string path, string json) =>
        PatchOperation.Replace(JsonPointer.TryParse(path)!, JsonNode.Parse(json));

    public static PatchOperation Remove(string path) => PatchOperation.Remove(JsonPointer.TryParse(path)!);

    public static YamlFile Parse(string text)
    {
        var file = YamlFile.Parse(text, out var errors);
        Assert.Empty(errors);
        return file!;
    }

    public static string Json(string text) => Parse(text).Documents.Single().Json.GetRawText();

    public static YamlError Error(string text)
    {
        Assert.Null(YamlFile.Parse(text, out var errors));
        return errors[0];
    }

    public static string Splice(string text, params ImmutableArray<PatchOperation> operations) =>
        Splice(text, 0, operations);

    public static string Splice(string text, int document, ImmutableArray<PatchOperation> operations)
    {
        var patches = new Dictionary<int, ImmutableArray<PatchOperation>> { [document] = operations };
        var result = Parse(text).Splice(patches, out var error);
        Assert.Null(error);
        return result!;
    }

    public static YamlError Refuse(string text, params ImmutableArray<PatchOperation> operations)
    {
        var patches = new Dictionary<int, ImmutableArray<PatchOperation>> { [0] = operations };
        Assert.Null(Parse(text).Splice(patches, out var error));
        return error!;
    }

    /// <summary>Splices, checks that the inverse gives back the text, and returns what was spliced.</summary>
    public static string ThereAndBack(string text, params ImmutableArray<PatchOperation> operations) =>
        ThereAndBack(text, 0, operations);

    public static string ThereAndBack(string text, int document, ImmutableArray<PatchOperation> operations)
    {
        var spliced = Splice(text, document, operations);
        var json = JsonNode.Parse(Parse(text).Documents[document].Json.GetRawText());
        Assert.Equal(text, Splice(spliced, document, Invert(json, operations)));
        return spliced;
    }

    public static ImmutableArray<PatchOperation> Invert(JsonNode? json, ImmutableArray<PatchOperation> operations)
    {
        var inverse = new Stack<PatchOperation>();
        json = json?.DeepClone();
        foreach (var operation in operations)
        {
            var parent = Resolve(json, operation.Path.Parent);
            var path = parent is JsonArray list && operation.Path.Last == "-"
                ? operation.Path.Parent.Append(list.Count)
                : operation.Path;
            var isNew = operation.Op == PatchOp.Add
                && (parent is JsonArray || !((JsonObject)parent!).ContainsKey(path.Last));
            inverse.Push(isNew ? PatchOperation.Remove(path)
                : operation.Op == PatchOp.Remove
                    ? PatchOperation.Add(path, Resolve(json, path)?.DeepClone())
                    : PatchOperation.Replace(path, Resolve(json, path)?.DeepClone()));
            json = JsonPatch.Apply(json, [operation]);
        }

        return [.. inverse];
    }

    private static JsonNode? Resolve(JsonNode? node, JsonPointer path)
    {
        foreach (var token in path.Tokens)
        {
            node = node is JsonArray list
                ? list[int.Parse(token, System.Globalization.CultureInfo.InvariantCulture)]
                : ((JsonObject)node!)[token];
        }

        return node;
    }
}
