using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Manifests;

/// <summary>One object of a file: a document, or an item of a List.</summary>
/// <param name="DocumentIndex">The document that it is in, from 0.</param>
/// <param name="Path">Where it lies in that document.</param>
/// <param name="Line">The line at which it begins, from 1.</param>
/// <param name="Json">The object.</param>
internal sealed record ManifestObject(int DocumentIndex, JsonPointer Path, int Line, JsonElement Json)
{
    /// <summary>The object's kind; empty if it has none.</summary>
    public string KindName => Text("kind");

    /// <summary>The kind, where it is one that holds a pod template; else null.</summary>
    public WorkloadKind? Kind => WorkloadKind.Find(Text("apiVersion"), KindName);

    /// <summary>How messages name the object.</summary>
    public string DisplayName => OneLine.Of(WorkloadReader.NameOf(Json, KindName, ""));

    /// <summary>All objects of a file, Lists taken apart, in the order of the text.</summary>
    public static IEnumerable<ManifestObject> In(YamlFile file) => file.Documents.Index().SelectMany(
        document => Expand(document.Item, document.Index, JsonPointer.Root, document.Item.Json));

    private static IEnumerable<ManifestObject> Expand(YamlDocument document, int index, JsonPointer path, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var self = new ManifestObject(index, path, document.PositionOf(path).Line, json);
        return self.KindName.EndsWith("List", StringComparison.Ordinal)
            && json.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array
                ? items.EnumerateArray().Index().SelectMany(
                    item => Expand(document, index, path.Append("items").Append(item.Index), item.Item))
                : [self];
    }

    private string Text(string name) =>
        Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
