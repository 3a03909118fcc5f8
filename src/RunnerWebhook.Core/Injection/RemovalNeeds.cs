using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>The unchanged pieces that a removal has to leave, as what stays would miss them: no API server takes a mount without
/// its volume, and a registration that stays would register a runner that never runs.</summary>
internal static class RemovalNeeds
{
    private static readonly ImmutableArray<string> ContainerLists = ["initContainers", "containers"];

    /// <summary>The addresses of those pieces.</summary>
    public static ImmutableArray<PieceAddress> Of(PodTemplate template, RecordedPieces recorded)
    {
        var needed = new HashSet<PieceAddress>();
        var registration = template.InitContainers.Where(init =>
            recorded.Changed.ContainsKey(PieceAddress.InitContainer(init.Name))
            && (HandRegistration.Registers(init, "")
                || init.Mounts.Any(mount => recorded.Intact.Contains(PieceAddress.Volume(mount.Name))))).ToArray();
        var volumes = registration.SelectMany(init => init.Mounts).Select(mount => mount.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var address in recorded.Intact)
        {
            var value = address.Find(template.Json)!.Value.Value;
            var isRunnersMount = address.Kind == PieceKind.Mount && volumes.Contains(value.Text("name"));
            var isNamed = address.Kind == PieceKind.Variable
                && (registration.Length > 0 || IsReadByAHook(template, recorded, address.ContainerName!));
            if (isRunnersMount || isNamed)
            {
                needed.Add(address);
            }
        }

        // The variable names a file: its folder's mount has to stay too.
        var file = recorded.Intact.Where(address => address.Kind == PieceKind.Variable && needed.Contains(address))
            .Select(address => address.Find(template.Json)!.Value.Value.Text("value")).FirstOrDefault("");
        needed.UnionWith(recorded.Intact.Where(
            address => address.Kind == PieceKind.Mount && VolumeMount.IsBelow(file, address.Name)));
        needed.UnionWith(Mounted(recorded.Intact, Left(template, recorded, needed)));
        return [.. recorded.Intact.Where(needed.Contains)];
    }

    /// <summary>The unchanged volumes that a template needs no more, but that something mounts which stays.</summary>
    /// <param name="template">The template.</param>
    /// <param name="recorded">What its record lists.</param>
    /// <param name="pieces">The pieces that it should have.</param>
    /// <param name="patch">The patch that brings them.</param>
    public static ImmutableArray<PieceAddress> Of(PodTemplate template, RecordedPieces recorded, ImmutableArray<Piece> pieces,
        ImmutableArray<PatchOperation> patch)
    {
        var gone = recorded.Intact.Where(address => address.Kind == PieceKind.Volume
            && pieces.All(piece => !piece.Address.Equals(address))).ToArray();
        return gone.Length == 0 ? [] : [.. Mounted(gone, JsonText.ToNode(InjectedTemplate.Of(template, patch)))];
    }

    private static IEnumerable<PieceAddress> Mounted(IEnumerable<PieceAddress> pieces, JsonNode? template)
    {
        var mounted = ContainerLists
            .SelectMany(list => Elements(template?["spec"], list)).SelectMany(container => Elements(container, "volumeMounts"))
            .Select(mount => mount["name"]?.ToString()).ToHashSet(StringComparer.Ordinal);
        return pieces.Where(address => address.Kind == PieceKind.Volume && mounted.Contains(address.Name));
    }

    private static JsonNode? Left(PodTemplate template, RecordedPieces recorded, HashSet<PieceAddress> kept) => JsonPatch.Apply(
        JsonText.ToNode(template.Json),
        PiecePatch.Removal(template with { Path = JsonPointer.Root }, recorded.Without([.. kept])));

    private static IEnumerable<JsonObject> Elements(JsonNode? owner, string list) =>
        (owner?[list] as JsonArray ?? []).OfType<JsonObject>();

    // Our stop hook, changed by the user.
    private static bool IsReadByAHook(PodTemplate template, RecordedPieces recorded, string container) => recorded.Changed.Keys
        .Where(address => address.Kind is PieceKind.Hooks or PieceKind.StopHook && address.ContainerName == container)
        .Any(address => address.Find(template.Json)!.Value.Value.GetRawText()
            .Contains(ConfigFile.Variable, StringComparison.Ordinal));
}
