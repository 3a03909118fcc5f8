using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>The unchanged pieces that a removal has to leave, as what stays would miss them: no API server takes a mount without
/// its volume, and a registration that stays would register a runner that never runs.</summary>
internal static class RemovalNeeds
{
    private const string ConfigVariable = "CONFIG_FILE";

    private static readonly string[] Lists = ["initContainers", "containers"];

    /// <summary>The addresses of those pieces.</summary>
    public static ImmutableArray<JsonPointer> Of(PodTemplate template, RecordedPieces recorded)
    {
        var needed = new HashSet<JsonPointer>();
        var left = Left(template, recorded, needed);
        var registration = Names(left, "initContainers").Where(name =>
            recorded.Changed.ContainsKey(PieceAddress.InitContainer(name).ToString())).ToArray();
        var volumes = registration.SelectMany(name => MountedBy(left, "initContainers", name)).ToHashSet(StringComparer.Ordinal);
        foreach (var address in recorded.Intact)
        {
            var value = PieceAddress.Find(template.Json, address)!.Value.Value;
            var isRunnersMount = address.Tokens is [.., "volumeMounts", _] && volumes.Contains(Text(value, "name"));
            var isNamed = address.Tokens is [_, _, var container, "env", ConfigVariable]
                && (registration.Length > 0 || IsReadByAHook(template, recorded, container));
            if (isRunnersMount || isNamed)
            {
                needed.Add(address);
            }
        }

        // The variable names a file: its folder's mount has to stay too.
        var file = recorded.Intact.Where(address => needed.Contains(address) && address.Last == ConfigVariable)
            .Select(address => Text(PieceAddress.Find(template.Json, address)!.Value.Value, "value")).FirstOrDefault("");
        needed.UnionWith(recorded.Intact.Where(address => address.Tokens is [.., "volumeMounts", var path]
            && VolumeMount.IsBelow(file, path)));
        left = Left(template, recorded, needed);
        var mounted = Lists.SelectMany(list =>
            Names(left, list).SelectMany(name => MountedBy(left, list, name))).ToHashSet(StringComparer.Ordinal);
        needed.UnionWith(recorded.Intact.Where(address => address.Tokens is ["spec", "volumes", var name]
            && mounted.Contains(name)));
        return [.. recorded.Intact.Where(needed.Contains)];
    }

    private static JsonNode? Left(PodTemplate template, RecordedPieces recorded, HashSet<JsonPointer> kept) => JsonPatch.Apply(
        JsonText.ToNode(template.Json),
        PiecePatch.Removal(template with { Path = JsonPointer.Root }, [.. recorded.Intact.Where(kept.Contains)]));

    private static IEnumerable<JsonObject> Containers(JsonNode? template, string list) =>
        (template?["spec"]?[list] as JsonArray ?? []).OfType<JsonObject>();

    private static IEnumerable<string> Names(JsonNode? template, string list) =>
        Containers(template, list).Select(container => container["name"]?.ToString() ?? "");

    private static IEnumerable<string> MountedBy(JsonNode? template, string list, string name) =>
        Containers(template, list).Where(container => container["name"]?.ToString() == name)
            .SelectMany(container => container["volumeMounts"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(mount => mount["name"]?.ToString() ?? "");

    // The stop hook of ours, as somebody has changed it.
    private static bool IsReadByAHook(PodTemplate template, RecordedPieces recorded, string container) => recorded.Changed.Keys
        .Select(JsonPointer.TryParse).OfType<JsonPointer>()
        .Where(address => address.Tokens is ["spec", "containers", var name, "lifecycle", ..] && name == container)
        .Any(address => PieceAddress.Find(template.Json, address)!.Value.Value.GetRawText()
            .Contains(ConfigVariable, StringComparison.Ordinal));

    private static string Text(JsonElement map, string name) =>
        map.ValueKind == JsonValueKind.Object && map.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
