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
/// <param name="ApiVersion">The object's API version; empty if it has none.</param>
/// <param name="KindName">The object's kind; empty if it has none.</param>
internal sealed record ManifestObject(
    int DocumentIndex, JsonPointer Path, int Line, JsonElement Json, string ApiVersion, string KindName)
{
    private const string ListSuffix = "List";

    /// <summary>Whether it is an element of an array, which kubectl does not read.</summary>
    public bool IsInArray { get; init; }

    /// <summary>The kind, if it is one that holds a pod template; else null.</summary>
    public WorkloadKind? Kind => IsInArray ? null : WorkloadKind.Find(ApiVersion, KindName);

    /// <summary>How messages name the object.</summary>
    public string DisplayName => OneLine.Of(WorkloadReader.NameOf(Json, KindName, ""));

    /// <summary>All objects of a file, Lists taken apart, in the order of the text.</summary>
    public static IEnumerable<ManifestObject> In(YamlFile file) => file.Documents.Index().SelectMany(
        document => document.Item.Json.ValueKind == JsonValueKind.Array
            ? Items(document.Item, document.Index, JsonPointer.Root, document.Item.Json, "", "")
                .Select(item => item with { IsInArray = true })
            : Expand(document.Item, document.Index, JsonPointer.Root, document.Item.Json, "", ""));

    // An item without kind and API version has those of its list, as the API server writes lists, and as kubectl reads them.
    private static IEnumerable<ManifestObject> Expand(
        YamlDocument document, int index, JsonPointer path, JsonElement json, string listedVersion, string listedKind)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var (apiVersion, kind) = (json.Text("apiVersion"), json.Text("kind"));
        if (apiVersion.Length == 0 && kind.Length == 0)
        {
            (apiVersion, kind) = (listedVersion, listedKind);
        }

        return kind.EndsWith(ListSuffix, StringComparison.Ordinal)
            && json.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array
                ? Items(document, index, path.Append("items"), items, apiVersion, kind[..^ListSuffix.Length])
                : [new(index, path, document.PositionOf(path).Line, json, apiVersion, kind)];
    }

    private static IEnumerable<ManifestObject> Items(
        YamlDocument document, int index, JsonPointer path, JsonElement items, string apiVersion, string kind) =>
        items.EnumerateArray().Index().SelectMany(
            item => Expand(document, index, path.Append(item.Index), item.Item, apiVersion, kind));
}
