using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Yaml;

public sealed class SplicePropertyTests
{
    private static readonly string[] Values =
    [
        "1", "\"text\"", "null", "[]", "{}", "\"yes\"", "[1,\"two\"]", """[{"name":"a","l":[{"k":1}]}]""",
        """{"a":{"b":"c"},"d":[]}""", "\"one\\ntwo\\n\"", "\"one\\ntwo\"", """{"s":"#!/bin/sh\nset -e\n"}""",
        """{"a":"{\"digest\":\"it's\"}"}""", "\"a: b # c\"", "0.10", "\"\\ttab\\n\"", "[[1],[[2]]]",
    ];

    private static readonly Gen<(byte[] Manifest, byte[] Choices)> Cases =
        Gen.Select(Gen.Byte.Array[0, 90], Gen.Byte.Array[0, 24]);

    [Fact]
    public void Splice_OfAnyManifest_IsRightAdditiveAndUndone() => Cases.Sample(
        sample => Check(ManifestText.Of(sample.Manifest), sample.Choices),
        iter: 5_000,
        print: sample => JsonSerializer.Serialize(ManifestText.Of(sample.Manifest)) + "\n"
            + string.Join("\n", Choose(ManifestText.Of(sample.Manifest), sample.Choices).Operations));

    [Fact]
    public void Manifest_OfAnyBytes_IsValid() => Gen.Byte.Array[0, 120].Sample(
        bytes => Assert.NotNull(YamlFile.Parse(ManifestText.Of(bytes), out _)), iter: 2_000);

    private static void Check(string text, byte[] choices)
    {
        var file = PatchScript.Parse(text);
        var (document, operations) = Choose(text, choices);
        if (operations.IsEmpty)
        {
            return;
        }

        var patches = new Dictionary<int, ImmutableArray<PatchOperation>> { [document] = operations };
        var spliced = file.Splice(patches, out var error);
        Assert.Null(error);
        var before = JsonNode.Parse(file.Documents[document].Json.GetRawText());
        var inverse = PatchScript.Invert(before, operations);
        var after = PatchScript.Parse(spliced!);
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse(JsonPatch.Apply(before, operations)!.ToJsonString()), after.Documents[document].Json));
        var isFlow = file.Documents[document].Root is MappingNode { IsFlow: true };
        Assert.True(
            IsWithin(text, spliced!) || operations.Any(operation => TakesAway(operation, isFlow)),
            "not additive:\n" + spliced);
        Assert.Equal(text, PatchScript.Splice(spliced!, document, inverse));
    }

    // A null in flow style cannot become a comment.
    private static bool TakesAway(PatchOperation operation, bool isFlow) => operation.Op == PatchOp.Replace
        && (isFlow || operation.Value?.GetValueKind() == JsonValueKind.String);

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

    private static (int Document, ImmutableArray<PatchOperation> Operations) Choose(string text, byte[] choices)
    {
        var at = 0;
        int Next(int count) => at < choices.Length ? choices[at++] % count : 0;
        var file = PatchScript.Parse(text);
        var document = Next(file.Documents.Length);
        var json = JsonNode.Parse(file.Documents[document].Json.GetRawText());
        var operations = ImmutableArray.CreateBuilder<PatchOperation>();
        for (var count = Next(4); count >= 0; count--)
        {
            var places = new List<(JsonPointer Path, JsonNode? Node)>();
            Collect(JsonPointer.Root, json, places);
            var (path, node) = places[Next(places.Count)];
            var value = JsonNode.Parse(Values[Next(Values.Length)]);
            if (Choose(path, node, value, Next) is { } operation)
            {
                operations.Add(operation);
                json = JsonPatch.Apply(json, [operation]);
            }
        }

        return (document, operations.ToImmutable());
    }

    private static PatchOperation? Choose(JsonPointer path, JsonNode? node, JsonNode? value, Func<int, int> next) =>
        node switch
        {
            JsonObject map => PatchOperation.Add(path.Append($"new{map.Count}"), value),
            JsonArray list => PatchOperation.Add(
                path.Append(next(2) == 0 ? "-" : $"{next(list.Count + 1)}"), value),
            null => value is JsonArray or JsonObject && IsInBlock(path) ? PatchOperation.Replace(path, value) : null,
            _ when node.GetValueKind() == JsonValueKind.String && IsWord(node.GetValue<string>())
                => PatchOperation.Replace(path, "other"),
            _ => null,
        };

    // A null in flow style comes back as "null", however it was written; the generator's flow keys are one letter.
    private static bool IsInBlock(JsonPointer path) => path.Tokens[^1].Length > 1;

    // Texts that mean the same when written in the place of "other": not the block texts, not tagged ones.
    private static bool IsWord(string text) => text is "word" or "double" or "single" or "yes" or "it's";

    private static void Collect(JsonPointer path, JsonNode? node, List<(JsonPointer Path, JsonNode? Node)> places)
    {
        places.Add((path, node));
        if (node is JsonObject map)
        {
            foreach (var (name, member) in map)
            {
                Collect(path.Append(name), member, places);
            }
        }
        else if (node is JsonArray list)
        {
            for (var index = 0; index < list.Count; index++)
            {
                Collect(path.Append(index), list[index], places);
            }
        }
    }
}
