using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;

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

    /// <summary>The digest of the settings that were used.</summary>
    public required string Revision { get; init; }

    /// <summary>The profile that was used.</summary>
    public required string Profile { get; init; }

    /// <summary>The pieces, by address, with their digests.</summary>
    public required ImmutableSortedDictionary<string, string> Pieces { get; init; }

    /// <summary>The lists and maps that the injection had to create; they go when the last piece in them goes.</summary>
    public required ImmutableSortedSet<string> Created { get; init; }

    /// <summary>Those of the created ones that were JSON null before, and become null again.</summary>
    public ImmutableSortedSet<string> Nulls { get; init; } = [];

    /// <summary>Values of the user's that were replaced, by address, as JSON.</summary>
    public ImmutableSortedDictionary<string, string> Replaced { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The container that the pieces were made for; null where none lies in a container.</summary>
    public string? Container => Pieces.Keys.Select(JsonPointer.TryParse).OfType<JsonPointer>()
        .Select(PieceAddress.ContainerOf).FirstOrDefault(container => container is not null);

    /// <summary>The annotation's value: one line of JSON, always the same for the same content.</summary>
    public string ToJson()
    {
        var json = new JsonObject
        {
            ["version"] = Version,
            ["revision"] = Revision,
            ["profile"] = Profile,
            ["pieces"] = new JsonObject(Pieces.Select(piece => KeyValuePair.Create(piece.Key, (JsonNode?)piece.Value))),
        };
        AddList(json, "created", Created);
        AddList(json, "nulls", Nulls);
        if (!Replaced.IsEmpty)
        {
            json["replaced"] = new JsonObject(
                Replaced.Select(value => KeyValuePair.Create(value.Key, JsonNode.Parse(value.Value))));
        }

        return json.ToJsonString();
    }

    /// <summary>Reads the annotation's value; null where it is none of ours.</summary>
    public static InjectionStatus? TryParse(string? text)
    {
        if (text is null or { Length: > MaxLength } || !JsonText.TryParse(Encoding.UTF8.GetBytes(text), out var json, out _)
            || json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("pieces", out var pieces)
            || pieces.ValueKind != JsonValueKind.Object || !pieces.EnumerateObject().Any()
            || pieces.EnumerateObject().Any(piece => !IsAddress(piece.Name) || piece.Value.ValueKind != JsonValueKind.String))
        {
            return null;
        }

        // What is shown to users is not echoed unchecked.
        if (!IsStamp(Text(json, "version")) || !IsStamp(Text(json, "revision")) || !IsStamp(Text(json, "profile")))
        {
            return null;
        }

        return new InjectionStatus
        {
            Version = Text(json, "version"),
            Revision = Text(json, "revision"),
            Profile = Text(json, "profile"),
            Pieces = pieces.EnumerateObject().ToImmutableSortedDictionary(
                piece => piece.Name, piece => piece.Value.GetString()!, StringComparer.Ordinal),
            Created = Texts(json, "created"),
            Nulls = Texts(json, "nulls"),
            Replaced = json.TryGetProperty("replaced", out var replaced) && replaced.ValueKind == JsonValueKind.Object
                ? replaced.EnumerateObject().Where(value => value.Name == PieceAddress.GracePeriod.ToString()
                    && value.Value.ValueKind == JsonValueKind.Number && value.Value.TryGetInt64(out _))
                    .ToImmutableSortedDictionary(
                    value => value.Name, value => value.Value.GetRawText(), StringComparer.Ordinal)
                : ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
        };
    }

    private static bool IsStamp(string text) => text.Length is > 0 and <= 63
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+' or '_');

    // A forged record must not name places where this program never puts a piece.
    private static bool IsAddress(string text) => JsonPointer.TryParse(text) is { Tokens: ["spec", ..] } address
        && (PieceAddress.IsListElement(address) || address.Equals(PieceAddress.GracePeriod)
            || address.Tokens is ["spec", "containers", _, "lifecycle"] or ["spec", "containers", _, "lifecycle", "preStop"]);

    private static void AddList(JsonObject json, string name, ImmutableSortedSet<string> values)
    {
        if (!values.IsEmpty)
        {
            json[name] = new JsonArray([.. values.Select(value => (JsonNode?)value)]);
        }
    }

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static ImmutableSortedSet<string> Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String)
                .Select(value => value.GetString()!).ToImmutableSortedSet(StringComparer.Ordinal)
            : ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
}
