using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Yaml;

/// <summary>Applies operations to the documents of a text and proves the result by reading it again.</summary>
internal static class FileSplice
{
    /// <summary>The new text, or null and why there is none.</summary>
    public static string? Apply(
        YamlFile file, IReadOnlyDictionary<int, ImmutableArray<PatchOperation>> patches, out YamlError? error)
    {
        error = null;
        var result = new StringBuilder(file.Text, 0, file.Text.Length - file.Body.Length, file.Text.Length);
        var at = 0;
        foreach (var (index, operations) in patches.OrderBy(patch => patch.Key))
        {
            var document = file.Documents[index];
            var text = ApplyToDocument(document, file.Body[document.Part], operations, out error);
            if (text is null)
            {
                return null;
            }

            result.Append(file.Body, at, document.Part.Start.Value - at).Append(text);
            at = document.Part.End.Value;
        }

        var spliced = result.Append(file.Body, at, file.Body.Length - at).ToString();
        error = FindDifference(file, patches, spliced);
        return error is null ? spliced : null;
    }

    private static string? ApplyToDocument(
        YamlDocument document, string text, ImmutableArray<PatchOperation> operations, out YamlError? error)
    {
        error = null;
        YamlStyle? style = null;
        foreach (var operation in operations)
        {
            var part = DocumentSplit.Of(text).First();
            var content = text[part.Content..];
            var findings = new ComposerFindings(new(text), lastKeyWins: true);
            var composed = YamlComposer.Compose(content, part.IsJson, findings);
            if (findings.Errors.Count > 0 || composed.Count == 0)
            {
                error = ErrorAt(document, operation, "the text around this place cannot be changed safely");
                return null;
            }

            style ??= StyleSurvey.Of(content, composed[0].Root);
            var edits = new SpliceStep(content, composed[0].Root, style).Plan(operation, out var problem);
            if (edits is null)
            {
                error = ErrorAt(document, operation, problem);
                return null;
            }

            text = text[..part.Content] + TextEdit.Apply(content, edits);
        }

        return text;
    }

    // The new text must parse to the old documents with the operations applied.
    private static YamlError? FindDifference(
        YamlFile file, IReadOnlyDictionary<int, ImmutableArray<PatchOperation>> patches, string spliced)
    {
        var result = YamlFile.Parse(spliced, out _, file.LastKeyWins);
        for (var index = 0; index < file.Documents.Length; index++)
        {
            var document = file.Documents[index];
            var operations = patches.TryGetValue(index, out var found) ? found : [];
            var isRight = result is not null && result.Documents.Length == file.Documents.Length
                && JsonEquality.AreEqual(result.Documents[index].Json, Expect(document.Json, operations));
            if (!isRight && (result is not null || !operations.IsEmpty))
            {
                return operations.IsEmpty
                    ? ErrorAt(document, null, "a change of another document would change this one")
                    : ErrorAt(document, operations[0], "the text around this place cannot be changed safely");
            }
        }

        return null;
    }

    private static JsonElement Expect(JsonElement json, ImmutableArray<PatchOperation> operations)
    {
        if (operations.IsEmpty)
        {
            return json;
        }

        JsonNode? node = json.ValueKind == JsonValueKind.Array ? JsonArray.Create(json) : JsonObject.Create(json);
        return JsonElement.Parse(
            JsonPatch.Apply(node, operations)?.ToJsonString() ?? "null",
            new JsonDocumentOptions { MaxDepth = YamlComposer.MaxDepth + 1 });
    }

    private static YamlError ErrorAt(YamlDocument document, PatchOperation? operation, string message)
    {
        var (line, column) = document.PositionOf(operation?.Path ?? JsonPointer.Root);
        return new(line, column, message);
    }
}
