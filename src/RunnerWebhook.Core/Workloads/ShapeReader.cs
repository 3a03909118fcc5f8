using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>
/// Reads members of raw JSON and notes every one that has the wrong type. JSON null counts as absent, as it does for
/// Kubernetes.
/// </summary>
internal sealed class ShapeReader
{
    private readonly ImmutableArray<FieldProblem>.Builder _problems = ImmutableArray.CreateBuilder<FieldProblem>();

    /// <summary>All problems so far, in reading order.</summary>
    public ImmutableArray<FieldProblem> Problems => _problems.ToImmutable();

    public static Presence PresenceOf(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var value)
            ? value.ValueKind == JsonValueKind.Null ? Presence.Null : Presence.Present
            : Presence.Absent;

    public JsonElement? Object(JsonElement? parent, JsonPointer at, string name) =>
        Typed(parent, at, name, JsonValueKind.Object, "an object");

    public string Text(JsonElement? parent, JsonPointer at, string name) =>
        Typed(parent, at, name, JsonValueKind.String, "a string")?.GetString() ?? "";

    /// <summary>Notes a member that is no number.</summary>
    public void Number(JsonElement? parent, JsonPointer at, string name) =>
        Typed(parent, at, name, JsonValueKind.Number, "a number");

    public ImmutableArray<JsonElement> Objects(JsonElement? parent, JsonPointer at, string name) =>
        Elements(parent, at, name, JsonValueKind.Object, "a list of objects", "an object");

    public ImmutableArray<string> Texts(JsonElement? parent, JsonPointer at, string name) =>
        [.. Elements(parent, at, name, JsonValueKind.String, "a list of strings", "a string")
            .Select(element => element.GetString()!)];

    public ImmutableDictionary<string, string> TextMap(JsonElement? parent, JsonPointer at, string name)
    {
        if (Object(parent, at, name) is not { } map)
        {
            return ImmutableDictionary<string, string>.Empty;
        }

        var entries = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var member in map.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.String)
            {
                entries[member.Name] = member.Value.GetString()!;
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                Note(at.Append(name).Append(member.Name), "a string", member.Value);
            }
        }

        return entries.ToImmutable();
    }

    public void Note(JsonPointer path, string expected, JsonElement found) =>
        _problems.Add(new(path, expected, JsonTypeName.Of(found)));

    private JsonElement? Typed(JsonElement? parent, JsonPointer at, string name, JsonValueKind kind, string expected)
    {
        if (PresenceOf(parent, name) != Presence.Present)
        {
            return null;
        }

        var value = parent!.Value.GetProperty(name);
        if (value.ValueKind == kind)
        {
            return value;
        }

        Note(at.Append(name), expected, value);
        return null;
    }

    private ImmutableArray<JsonElement> Elements(
        JsonElement? parent, JsonPointer at, string name, JsonValueKind kind, string expected, string each)
    {
        if (Typed(parent, at, name, JsonValueKind.Array, expected) is not { } list)
        {
            return [];
        }

        var elements = ImmutableArray.CreateBuilder<JsonElement>(list.GetArrayLength());
        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            if (element.ValueKind == kind)
            {
                elements.Add(element);
            }
            else
            {
                Note(at.Append(name).Append(index), each, element);
            }
        }

        return elements.ToImmutable();
    }
}
