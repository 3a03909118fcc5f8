using System.Text.Json;

namespace RunnerWebhook.Core.Json;

/// <summary>Reads optional members of raw JSON. A member that is null, or of another type, counts as absent.</summary>
public static class JsonMember
{
    /// <summary>A member of a member; null if there is none.</summary>
    public static JsonElement? At(this JsonElement json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
            {
                return null;
            }
        }

        return json.ValueKind == JsonValueKind.Null ? null : json;
    }

    /// <summary>The elements of a list; none if there is no list.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement json, params ReadOnlySpan<string> names) =>
        json.At(names) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>The texts of a list, without elements of other types; none if there is no list.</summary>
    public static IEnumerable<string> Texts(this JsonElement json, params ReadOnlySpan<string> names) => json.List(names)
        .Where(element => element.ValueKind == JsonValueKind.String).Select(element => element.GetString()!);

    /// <summary>A text; empty if there is none.</summary>
    public static string Text(this JsonElement json, params ReadOnlySpan<string> names) =>
        json.At(names) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    /// <summary>A number; 0 if there is none.</summary>
    public static int Number(this JsonElement json, params ReadOnlySpan<string> names) =>
        json.At(names) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : 0;

    /// <summary>Whether a member is <c>true</c>.</summary>
    public static bool IsTrue(this JsonElement json, params ReadOnlySpan<string> names) =>
        json.At(names) is { ValueKind: JsonValueKind.True };
}
