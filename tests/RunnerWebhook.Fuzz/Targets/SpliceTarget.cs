using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Fuzz.Objects;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Fuzz.Targets;

internal static class SpliceTarget
{
    private static readonly string[] Values =
    [
        "1", "\"text\"", "null", "[]", "{}", "\"yes\"", "[1,\"two\"]", """[{"name":"a","l":[{"k":1}]}]""",
        """{"a":{"b":"c"},"d":[]}""", "\"one\\ntwo\\n\"", "\"one\\ntwo\"", """{"s":"#!/bin/sh\nset -e\n"}""",
        """{"a":"{\"digest\":\"it's\"}"}""", "\"a: b # c\"", "0.10", "\"\\ttab\\n\"", "[[1],[[2]]]",
    ];

    public static void Check(byte[] input)
    {
        var end = Math.Max(0, input.AsSpan().IndexOf((byte)'\n'));
        var text = Encoding.UTF8.GetString(input.AsSpan(Math.Min(end + 1, input.Length)));
        if (YamlFile.Parse(text, out var errors, lastKeyWins: true) is not { } file)
        {
            Promise.Holds(!errors.IsEmpty && errors.All(error => error is { Line: > 0, Column: > 0 }), $"no error, or none with a place");
            return;
        }

        var choices = new Choices(input[..end]);
        if (file.Documents.IsEmpty)
        {
            return;
        }

        var index = choices.Next(file.Documents.Length);
        var json = JsonText.ToNode(file.Documents[index].Json);
        var operations = Operations(json?.DeepClone(), choices);
        if (!operations.IsEmpty)
        {
            Check(file, index, json, operations);
        }
    }

    private static void Check(YamlFile file, int index, JsonNode? json, ImmutableArray<PatchOperation> operations)
    {
        var spliced = file.Splice(new Dictionary<int, ImmutableArray<PatchOperation>> { [index] = operations }, out var error);
        Promise.Holds(spliced is null == error is not null, $"neither text nor error");
        if (spliced is null)
        {
            Promise.Holds(error is { Line: > 0, Column: > 0 }, $"an error without a place: {error}");
            return;
        }

        var result = YamlFile.Parse(spliced, out _, lastKeyWins: true);
        var expected = JsonText.ToElement(JsonPatch.Apply(json?.DeepClone(), operations));
        Promise.Holds(result is not null && result.Documents.Length == file.Documents.Length
            && JsonEquality.AreEqual(expected, result.Documents[index].Json), $"reads as something else:\n{spliced}");
        for (var other = 0; other < file.Documents.Length; other++)
        {
            Promise.Holds(other == index || file.Body[file.Documents[other].Part] == result!.Body[result.Documents[other].Part],
                $"document {other} changed:\n{spliced}");
        }

        Promise.Holds(IsWithin(file.Text, spliced), $"text is lost:\n{spliced}");
        ImmutableArray<PatchOperation> inverse = [.. operations.Reverse().Select(operation => PatchOperation.Remove(operation.Path))];
        var back = result!.Splice(new Dictionary<int, ImmutableArray<PatchOperation>> { [index] = inverse }, out var refusal);
        Promise.Holds(back == file.Text, $"not undone:\n{spliced}\nbecomes\n{back}{refusal}");
    }

    // Whether the text is left when some characters are taken out of the other.
    private static bool IsWithin(string text, string other)
    {
        var at = 0;
        foreach (var character in other)
        {
            at += at < text.Length && text[at] == character ? 1 : 0;
        }

        return at == text.Length;
    }

    private static ImmutableArray<PatchOperation> Operations(JsonNode? json, Choices choices)
    {
        var operations = ImmutableArray.CreateBuilder<PatchOperation>();
        for (var count = choices.Next(4); count >= 0; count--)
        {
            var places = Places(JsonPointer.Root, json).ToArray();
            if (places.Length == 0)
            {
                break;
            }

            var (path, node) = places[choices.Next(places.Length)];
            var value = JsonNode.Parse(Values[choices.Next(Values.Length)]);
            var operation = PatchOperation.Add(
                node is JsonArray list ? path.Append(choices.Next(list.Count + 1)) : path.Append($"new{count}"), value);
            operations.Add(operation);
            json = JsonPatch.Apply(json, [operation]);
        }

        return operations.ToImmutable();
    }

    // The lists and maps that can take one more; a name that is there already would be replaced.
    private static IEnumerable<(JsonPointer Path, JsonNode Node)> Places(JsonPointer path, JsonNode? node)
    {
        var below = node switch
        {
            JsonObject map => map.SelectMany(member => Places(path.Append(member.Key), member.Value)),
            JsonArray list => list.Index().SelectMany(item => Places(path.Append(item.Index), item.Item)),
            _ => [],
        };
        var isFree = node is JsonArray || (node is JsonObject own && !own.Any(member => member.Key.StartsWith("new", StringComparison.Ordinal)));
        return isFree ? below.Prepend((path, node!)) : below;
    }
}
