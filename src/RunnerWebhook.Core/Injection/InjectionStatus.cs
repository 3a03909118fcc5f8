using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// What was injected into a pod template: the content of the annotation <c>gitlab-runner/status</c>. It is a record
/// and never an authority: a piece counts as ours only if it is recorded here and still has the recorded digest.
/// </summary>
public sealed record InjectionStatus
{
    /// <summary>The longest record that is read, in characters: no injection comes near it.</summary>
    private const int MaxLength = 65_536;

    /// <summary>The version of this program that injected.</summary>
    public required string Version { get; init; }

    /// <summary>The digest of the settings that were used; empty if the record has none that is one.</summary>
    public required string Revision { get; init; }

    /// <summary>The profile that was used; empty if the record has none that can be a name.</summary>
    public required string Profile { get; init; }

    /// <summary>The pieces, by address, with their digests.</summary>
    public required ImmutableSortedDictionary<string, string> Pieces { get; init; }

    /// <summary>The lists and maps that the injection had to create; they go when the last piece in them goes.</summary>
    public required ImmutableSortedSet<string> Created { get; init; }

    /// <summary>Those of the created ones that were JSON null before, and become null again.</summary>
    public ImmutableSortedSet<string> Nulls { get; init; } = [];

    /// <summary>What annotations change in the registration, whose digest is that of one without them.</summary>
    public AnnotatedArguments Annotated { get; init; } = AnnotatedArguments.None;

    /// <summary>Values of the user's that were replaced, by address, as JSON.</summary>
    public ImmutableSortedDictionary<string, string> Replaced { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The container that the pieces were made for; null if none lies in a container.</summary>
    public string? Container => ContainersOf(Pieces.Keys).FirstOrDefault();

    /// <summary>The record of a template; null if it has none, or none that this program can have written.</summary>
    public static InjectionStatus? Of(PodTemplate template) =>
        TryParse(template.Annotations.GetValueOrDefault(WellKnown.StatusAnnotation));

    /// <summary>Whether the record lists a piece.</summary>
    public bool Lists(JsonPointer address) => Pieces.ContainsKey(address.ToString());

    /// <summary>What the record says of a piece.</summary>
    public KeyValuePair<string, string> Entry(JsonPointer address) =>
        KeyValuePair.Create(address.ToString(), Pieces[address.ToString()]);

    /// <summary>The same record for the same container under another name.</summary>
    public InjectionStatus For(string container)
    {
        return this with
        {
            Pieces = Pieces.ToImmutableSortedDictionary(piece => Moved(piece.Key), piece => piece.Value, StringComparer.Ordinal),
            Created = Created.Select(Moved).ToImmutableSortedSet(StringComparer.Ordinal),
            Nulls = Nulls.Select(Moved).ToImmutableSortedSet(StringComparer.Ordinal),
        };

        string Moved(string address) => StatusAddress.Shorten(address, Container) is ['.', ..] own
            ? StatusAddress.Expand(own, container) : address;
    }

    /// <summary>The annotation's value: one line of JSON, always the same for the same content. Addresses are shortened (see
    /// <see cref="StatusAddress"/>), and fields that the injection added are not repeated under <c>created</c>.</summary>
    public string ToJson()
    {
        var json = new JsonObject { ["version"] = Version, ["revision"] = Revision, ["profile"] = Profile };
        var container = Container;
        if (container is not null)
        {
            json["container"] = container;
        }

        AddList(json, "set", Annotated.Set);
        AddList(json, "was", Annotated.Was);
        json["pieces"] = new JsonObject(Pieces.Select(piece => KeyValuePair.Create(Short(piece.Key), (JsonNode?)piece.Value)));
        AddList(json, "created", Created.Except(AddedFields(Pieces.Keys, Replaced)).Select(Short));
        AddList(json, "nulls", Nulls.Select(Short));
        if (!Replaced.IsEmpty)
        {
            json["replaced"] = new JsonObject(
                Replaced.Select(value => KeyValuePair.Create(Short(value.Key), JsonNode.Parse(value.Value))));
        }

        return Write(json);

        string Short(string address) => StatusAddress.Shorten(address, container);
    }

    /// <summary>Reads the annotation's value; null if it is none of ours.</summary>
    public static InjectionStatus? TryParse(string? text)
    {
        if (text is null or { Length: > MaxLength } || !JsonText.TryParse(Encoding.UTF8.GetBytes(text), out var json, out _)
            || json.ValueKind != JsonValueKind.Object || Members(json, "pieces") is not { IsEmpty: false } pieces
            || pieces.Any(piece => !IsAddress(piece.Key) || piece.Value.ValueKind != JsonValueKind.String)
            || ContainersOf(pieces.Keys).Distinct().Count() > 1)
        {
            return null;
        }

        var replaced = (Members(json, "replaced") ?? ImmutableSortedDictionary<string, JsonElement>.Empty)
            .Where(value => value.Key == PieceAddress.GracePeriod.ToString()
                && value.Value.ValueKind == JsonValueKind.Number && value.Value.TryGetInt64(out var seconds)
                && seconds == InjectionPlanner.DefaultGracePeriodSeconds)
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
        return new InjectionStatus
        {
            // What is shown to users is not echoed unchecked.
            Version = Checked(json.Text("version"), IsVersion),
            Revision = Checked(json.Text("revision"), CanonicalJson.IsDigest),
            Profile = Checked(json.Text("profile"), KubernetesName.IsLabel),
            Pieces = pieces.ToImmutableSortedDictionary(
                piece => piece.Key, piece => piece.Value.GetString()!, StringComparer.Ordinal),
            Annotated = new([.. json.Texts("set")], [.. json.Texts("was")]),
            Created = Addresses(json, "created").Union(AddedFields(pieces.Keys, replaced)),
            Nulls = Addresses(json, "nulls"),
            Replaced = replaced.ToImmutableSortedDictionary(
                value => value.Key, value => value.Value.GetRawText(), StringComparer.Ordinal),
        };
    }

    // With no more escapes than JSON asks for, as a policy writes them too.
    private static string Write(JsonObject json)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static bool IsVersion(string text) => text.Length <= 63
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+' or '_');

    private static string Checked(string text, Func<string, bool> isOne) => isOne(text) ? text : "";

    private static IEnumerable<string> ContainersOf(IEnumerable<string> addresses) => addresses
        .Select(JsonPointer.TryParse).OfType<JsonPointer>().Select(PieceAddress.ContainerOf).OfType<string>();

    // A field that was not there before is created by the piece itself.
    private static IEnumerable<string> AddedFields<T>(
        IEnumerable<string> pieces, ImmutableSortedDictionary<string, T> replaced) =>
        pieces.Where(piece => !replaced.ContainsKey(piece) && !PieceAddress.IsListElement(JsonPointer.TryParse(piece)!));

    // A forged record must not name places where this program never puts a piece.
    private static bool IsAddress(string text) => JsonPointer.TryParse(text)?.Tokens
        is ["spec", "initContainers" or "containers" or "volumes", _]
        or ["spec", "terminationGracePeriodSeconds" or "hostUsers" or "runtimeClassName"]
        or ["spec", "containers", _, "env", ConfigFile.Variable] or ["spec", "containers", _, "volumeMounts", _]
        or ["spec", "containers", _, "lifecycle"] or ["spec", "containers", _, "lifecycle", "preStop"];

    private static void AddList(JsonObject json, string name, IEnumerable<string> values)
    {
        var list = JsonText.Array(values);
        if (list.Count > 0)
        {
            json[name] = list;
        }
    }

    private static ImmutableSortedDictionary<string, JsonElement>? Members(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var members) || members.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var map = ImmutableSortedDictionary.CreateBuilder<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in members.EnumerateObject())
        {
            // A forged record can name one place by both forms.
            map[StatusAddress.Expand(member.Name, json.Text("container"))] = member.Value;
        }

        return map.ToImmutable();
    }

    private static ImmutableSortedSet<string> Addresses(JsonElement json, string name) => json.Texts(name)
        .Select(value => StatusAddress.Expand(value, json.Text("container"))).ToImmutableSortedSet(StringComparer.Ordinal);
}
