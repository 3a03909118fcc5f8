using System.Globalization;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// Where a piece is in a pod template. Elements of lists are named by the key that Kubernetes merges them by, which no other
/// element shifts: <c>mountPath</c> for volume mounts, <c>name</c> for everything else. Addresses are ordered by
/// <see cref="Text"/>.
/// </summary>
#pragma warning disable CA1036 // Sorted collections need the order; nothing asks whether one address is less than another.
public sealed class PieceAddress : IEquatable<PieceAddress>, IComparable<PieceAddress>
#pragma warning restore CA1036
{
    private const string SpecPrefix = "/spec/";
    private const string MountsList = "volumeMounts";

    private readonly JsonPointer _keys;

    private PieceAddress(PieceKind kind, JsonPointer keys) => (Kind, _keys, Text) = (kind, keys, keys.ToString());

    /// <summary>What is there.</summary>
    public PieceKind Kind { get; }

    /// <summary>The whole address: a pointer from the template with keys in place of indexes, as in
    /// <c>/spec/volumes/runner-config</c>.</summary>
    public string Text { get; }

    /// <summary>The key of an element, or the name of a field.</summary>
    public string Name => _keys.Last;

    /// <summary>The container that it lies in; null if it lies in none.</summary>
    public string? ContainerName => _keys.Tokens is ["spec", "containers", var container, _, ..] ? container : null;

    /// <summary>The list of which it is an element; null for a field.</summary>
    public PieceAddress? List => Kind is PieceKind.InitContainer or PieceKind.Container or PieceKind.Volume or PieceKind.Variable
        or PieceKind.Mount ? field ??= new(PieceKind.Holder, _keys.Parent) : null;

    /// <summary>The address as messages show it: <c>spec.volumes.runner-config</c>.</summary>
    public string Shown => FieldPath.Of(_keys);

    /// <summary>The template's metadata.</summary>
    public static PieceAddress Metadata { get; } = Known("metadata");

    /// <summary>The template's annotations.</summary>
    public static PieceAddress Annotations { get; } = Known("metadata", "annotations");

    /// <summary>The list of containers.</summary>
    public static PieceAddress Containers { get; } = Known("spec", "containers");

    /// <summary><c>spec.terminationGracePeriodSeconds</c>.</summary>
    public static PieceAddress GracePeriod { get; } = Known("spec", "terminationGracePeriodSeconds");

    /// <summary><c>spec.hostUsers</c>.</summary>
    public static PieceAddress HostUsers { get; } = Known("spec", "hostUsers");

    /// <summary><c>spec.runtimeClassName</c>.</summary>
    public static PieceAddress RuntimeClass { get; } = Known("spec", "runtimeClassName");

    /// <summary>An init container.</summary>
    public static PieceAddress InitContainer(string name) => Known("spec", "initContainers", name);

    /// <summary>A container.</summary>
    public static PieceAddress Container(string name) => Known("spec", "containers", name);

    /// <summary>A volume.</summary>
    public static PieceAddress Volume(string name) => Known("spec", "volumes", name);

    /// <summary>A container's volume mount.</summary>
    public static PieceAddress Mount(string container, string mountPath) =>
        Known("spec", "containers", container, MountsList, mountPath);

    /// <summary>A container's variable that names the configuration file.</summary>
    public static PieceAddress Variable(string container) => Known("spec", "containers", container, "env", ConfigFile.Variable);

    /// <summary>A container's hooks.</summary>
    public static PieceAddress Hooks(string container) => Known("spec", "containers", container, "lifecycle");

    /// <summary>A container's stop hook.</summary>
    public static PieceAddress StopHook(string container) => Known("spec", "containers", container, "lifecycle", "preStop");

    /// <summary>Reads an address of the record: in short, as <see cref="ShortFor"/> writes it, or whole.</summary>
    /// <param name="text">The text.</param>
    /// <param name="container">The container that the record names.</param>
    /// <returns>Null if this program never puts anything there.</returns>
    public static PieceAddress? TryParse(string text, string container)
    {
        var whole = text switch
        {
            ['/', ..] => text,
            ['.', '/', .. var rest] => Container(container).Text + "/" + rest,
            _ => SpecPrefix + text,
        };
        return JsonPointer.TryParse(whole) is { } keys && KindOf(keys.Tokens.AsSpan()) is { } kind ? new(kind, keys) : null;
    }

    /// <summary>
    /// The address as the record has it, where every byte is stored once for each pod and revision: <c>./env/CONFIG_FILE</c> in
    /// the container that the record names, <c>volumes/runner-config</c> below <c>/spec</c>, and everything else whole.
    /// </summary>
    public string ShortFor(string? container) =>
        container is not null && container == ContainerName ? "." + Text[Container(container).Text.Length..]
            : Text.StartsWith(SpecPrefix, StringComparison.Ordinal) ? Text[SpecPrefix.Length..] : Text;

    /// <summary>The same place in another container; the address itself if it lies in none.</summary>
    public PieceAddress In(string container) => ContainerName is null ? this
        : new(Kind, JsonPointer.Of([.. _keys.Tokens.AsSpan()[..2], container, .. _keys.Tokens.AsSpan()[3..]]));

    /// <summary>What a template has there; null if it has nothing.</summary>
    public FoundPiece? Find(JsonElement template) => Find(template, _keys.Tokens.AsSpan());

    /// <summary>Where it would be created, as a pointer from the template; null if there is nothing to create it in.</summary>
    public JsonPointer? PlaceIn(JsonElement template) => Find(template, _keys.Tokens.AsSpan()[..^1])?.Path.Append(Name);

    /// <inheritdoc/>
    public bool Equals(PieceAddress? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PieceAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public int CompareTo(PieceAddress? other) => string.CompareOrdinal(Text, other?.Text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    // A forged record must not name places where this program never puts a piece.
    private static PieceKind? KindOf(ReadOnlySpan<string> keys) => keys switch
    {
        ["spec", "initContainers", _] => PieceKind.InitContainer,
        ["spec", "containers", _] => PieceKind.Container,
        ["spec", "volumes", _] => PieceKind.Volume,
        ["spec", "containers", _, "env", ConfigFile.Variable] => PieceKind.Variable,
        ["spec", "containers", _, MountsList, _] => PieceKind.Mount,
        ["spec", "containers", _, "lifecycle"] => PieceKind.Hooks,
        ["spec", "containers", _, "lifecycle", "preStop"] => PieceKind.StopHook,
        ["spec", "terminationGracePeriodSeconds"] => PieceKind.GracePeriod,
        ["spec", "hostUsers"] => PieceKind.HostUsers,
        ["spec", "runtimeClassName"] => PieceKind.RuntimeClass,
        ["metadata"] or ["metadata", "annotations"] or ["spec", "initContainers" or "containers" or "volumes"]
            or ["spec", "containers", _, "env" or MountsList] => PieceKind.Holder,
        _ => null,
    };

    private static PieceAddress Known(params ReadOnlySpan<string> keys) => new(KindOf(keys)!.Value, JsonPointer.Of(keys));

    private static FoundPiece? Find(JsonElement template, ReadOnlySpan<string> keys)
    {
        var at = template;
        var path = new string[keys.Length];
        int? index = null;
        for (var depth = 0; depth < keys.Length; depth++)
        {
            var key = keys[depth];
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(key, out var member))
            {
                (at, path[depth], index) = (member, key, null);
            }
            else if (at.ValueKind == JsonValueKind.Array && IndexOf(at, keys[depth - 1] == MountsList, key) is { } element)
            {
                (at, path[depth], index) = (at[element], element.ToString(CultureInfo.InvariantCulture), element);
            }
            else
            {
                return null;
            }
        }

        return new(JsonPointer.Of(path), at, index);
    }

    private static int? IndexOf(JsonElement elements, bool areMounts, string key)
    {
        foreach (var (index, element) in elements.EnumerateArray().Index())
        {
            if (element.ValueKind == JsonValueKind.Object
                && element.TryGetProperty(areMounts ? "mountPath" : "name", out var value)
                && value.ValueKind == JsonValueKind.String && value.ValueEquals(key))
            {
                return index;
            }
        }

        return null;
    }
}
