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
    public required ImmutableSortedDictionary<PieceAddress, string> Pieces { get; init; }

    /// <summary>The lists and maps that the injection had to create; they go when the last piece in them goes.</summary>
    public required ImmutableSortedSet<PieceAddress> Created { get; init; }

    /// <summary>Those of the created ones that were JSON null before, and become null again.</summary>
    public ImmutableSortedSet<PieceAddress> Nulls { get; init; } = [];

    /// <summary>What annotations change in the registration, whose digest is that of one without them.</summary>
    public AnnotatedArguments Annotated { get; init; } = AnnotatedArguments.None;

    /// <summary>Values of the user's that were replaced, by address, as JSON.</summary>
    public ImmutableSortedDictionary<PieceAddress, string> Replaced { get; init; } =
        ImmutableSortedDictionary<PieceAddress, string>.Empty;

    /// <summary>The container that the pieces were made for; null if none lies in a container.</summary>
    public string? Container => Pieces.Keys.Select(address => address.ContainerName).FirstOrDefault(name => name is not null);

    /// <summary>The record of a template; null if it has none, or none that this program can have written.</summary>
    public static InjectionStatus? Of(PodTemplate template) =>
        TryParse(template.Annotations.GetValueOrDefault(WellKnown.StatusAnnotation));

    /// <summary>What to know of a template's annotation if <see cref="Of"/> gives null; empty if it has none.</summary>
    public static ImmutableArray<string> Unread(PodTemplate template) =>
        !template.Annotations.ContainsKey(WellKnown.StatusAnnotation) ? []
        : [$"annotation {WellKnown.StatusAnnotation} is damaged, or no record of an injection: what was injected stays, and has "
            + "to be removed by hand"];

    /// <summary>The same record for the same container under another name.</summary>
    public InjectionStatus For(string container)
    {
        var own = Container;
        return this with
        {
            Pieces = Pieces.ToImmutableSortedDictionary(piece => Moved(piece.Key), piece => piece.Value),
            Created = [.. Created.Select(Moved)],
            Nulls = [.. Nulls.Select(Moved)],
        };

        PieceAddress Moved(PieceAddress address) => address.ContainerName == own ? address.In(container) : address;
    }

    /// <summary>The annotation's value: one line of JSON, always the same for the same content. Addresses are shortened (see
    /// <see cref="PieceAddress.ShortFor"/>), and fields that the injection added are not repeated under <c>created</c>.</summary>
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

        string Short(PieceAddress address) => address.ShortFor(container);
    }

    /// <summary>Reads the annotation's value; null if this program can't have written it.</summary>
    public static InjectionStatus? TryParse(string? text)
    {
        if (text is null or { Length: > MaxLength } || !JsonText.TryParse(Encoding.UTF8.GetBytes(text), out var json, out _)
            || json.ValueKind != JsonValueKind.Object || PiecesOf(json) is not { IsEmpty: false } pieces
            || pieces.Keys.Select(address => address.ContainerName).OfType<string>().Distinct().Count() > 1)
        {
            return null;
        }

        var replaced = ReplacedIn(json);
        return new InjectionStatus
        {
            // What is shown to users is not echoed unchecked.
            Version = Checked(json.Text("version"), IsVersion),
            Revision = Checked(json.Text("revision"), CanonicalJson.IsDigest),
            Profile = Checked(json.Text("profile"), KubernetesName.IsLabel),
            Pieces = pieces,
            Annotated = new([.. json.Texts("set")], [.. json.Texts("was")]),
            Created = [.. Addresses(json, "created"), .. AddedFields(pieces.Keys, replaced)],
            Nulls = [.. Addresses(json, "nulls")],
            Replaced = replaced,
        };
    }

    // Null if one of them can't be a piece. A forged record can name one place by both forms.
    private static ImmutableSortedDictionary<PieceAddress, string>? PiecesOf(JsonElement json)
    {
        var pieces = ImmutableSortedDictionary.CreateBuilder<PieceAddress, string>();
        foreach (var (text, value) in Members(json, "pieces"))
        {
            if (PieceAddress.TryParse(text, json.Text("container")) is not { Kind: not PieceKind.Holder } address
                || value.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            pieces[address] = value.GetString()!;
        }

        return pieces.ToImmutable();
    }

    // Only the API server's default is ever replaced.
    private static ImmutableSortedDictionary<PieceAddress, string> ReplacedIn(JsonElement json) => Members(json, "replaced")
        .Where(value => PieceAddress.GracePeriod.Equals(PieceAddress.TryParse(value.Name, json.Text("container")))
            && value.Value.ValueKind == JsonValueKind.Number && value.Value.TryGetInt64(out var seconds)
            && seconds == InjectionPlanner.DefaultGracePeriodSeconds)
        .Take(1).ToImmutableSortedDictionary(_ => PieceAddress.GracePeriod, value => value.Value.GetRawText());

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

    // A field that was not there before is created by the piece itself.
    private static IEnumerable<PieceAddress> AddedFields(
        IEnumerable<PieceAddress> pieces, ImmutableSortedDictionary<PieceAddress, string> replaced) =>
        pieces.Where(piece => piece.List is null && !replaced.ContainsKey(piece));

    private static void AddList(JsonObject json, string name, IEnumerable<string> values)
    {
        var list = JsonText.Array(values);
        if (list.Count > 0)
        {
            json[name] = list;
        }
    }

    private static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement json, string name) =>
        json.At(name) is { ValueKind: JsonValueKind.Object } members
            ? members.EnumerateObject().Select(member => (member.Name, member.Value))
            : [];

    private static IEnumerable<PieceAddress> Addresses(JsonElement json, string name) => json.Texts(name)
        .Select(value => PieceAddress.TryParse(value, json.Text("container"))).OfType<PieceAddress>();
}
