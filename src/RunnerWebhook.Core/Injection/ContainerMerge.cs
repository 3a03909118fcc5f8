using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Injection;

/// <summary>Renders a container of ours anew, and keeps what other tools have added to the one that is there: dropped, their next
/// call would add it again, and roll every pod.</summary>
internal static class ContainerMerge
{
    /// <summary>The rendered container with the additions of the present one.</summary>
    /// <param name="present">The container as it is.</param>
    /// <param name="rendered">The container as today's settings make it.</param>
    /// <param name="volumes">The volumes that additions may mount: those that stay.</param>
    public static JsonNode Of(JsonElement present, JsonNode rendered, IReadOnlySet<string> volumes)
    {
        var (old, merged) = (JsonText.ToNode(present)!.AsObject(), rendered.DeepClone().AsObject());
        foreach (var field in PieceDigest.AddedFields.Add("resources"))
        {
            if (merged[field] is null && old[field] is { } added)
            {
                merged[field] = added.DeepClone();
            }
        }

        Append(old, merged, "env", "name", addition => Text(addition, "name") is { } name && !PieceDigest.IsOwnVariable(name)
            && !RunnerAccess.Variables.Any(variable => variable.Name == name));
        Append(old, merged, "volumeMounts", "mountPath",
            addition => Text(addition, "name") is { } name && volumes.Contains(name));
        return merged;
    }

    private static void Append(JsonObject old, JsonObject merged, string list, string key, Func<JsonObject, bool> isAddition)
    {
        var elements = merged[list] as JsonArray;
        var known = (elements ?? []).OfType<JsonObject>().Select(element => Text(element, key)).ToHashSet(StringComparer.Ordinal);
        var added = (old[list] as JsonArray ?? []).OfType<JsonObject>()
            .Where(element => !known.Contains(Text(element, key)) && isAddition(element)).ToArray();
        if (added.Length > 0)
        {
            merged[list] = new JsonArray([.. (elements ?? []).Select(element => element?.DeepClone()),
                .. added.Select(element => element.DeepClone())]);
        }
    }

    private static string? Text(JsonObject map, string name) =>
        map[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
