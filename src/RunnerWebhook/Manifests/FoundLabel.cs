using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Manifests;

/// <summary>The label somewhere in an object: on itself, on a pod template, or in a field of an unknown kind.</summary>
/// <param name="Path">The map of labels.</param>
/// <param name="Value">The label's value.</param>
internal sealed record FoundLabel(JsonPointer Path, string Value)
{
    // Of pods, as fields of other kinds are named: podLabels, podMetadata.labels.
    private static readonly string[] Maps = ["labels", "podLabels"];

    /// <summary>Every such label of an object, from the outside in.</summary>
    public static IEnumerable<FoundLabel> In(JsonElement json) => In(json, JsonPointer.Root);

    /// <summary>Whether an object, or a part of it, has a list of containers: it runs pods.</summary>
    public static bool HasContainers(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().Any(member =>
            (member.Name == "containers" && member.Value.ValueKind == JsonValueKind.Array) || HasContainers(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().Any(HasContainers),
        _ => false,
    };

    private static IEnumerable<FoundLabel> In(JsonElement json, JsonPointer path) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => Of(member, path.Append(member.Name))),
        JsonValueKind.Array => json.EnumerateArray().Index().SelectMany(item => In(item.Item, path.Append(item.Index))),
        _ => [],
    };

    private static IEnumerable<FoundLabel> Of(JsonProperty member, JsonPointer path)
    {
        var isLabel = Maps.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Object
            && member.Value.TryGetProperty(WellKnown.InjectLabel, out _);
        return isLabel ? [new(path, Text(member.Value.GetProperty(WellKnown.InjectLabel)))] : In(member.Value, path);
    }

    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
