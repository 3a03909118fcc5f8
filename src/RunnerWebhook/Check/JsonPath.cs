using System.Text.Json;

namespace RunnerWebhook.Check;

/// <summary>Reads members of objects whose shape the API server has checked.</summary>
internal static class JsonPath
{
    /// <summary>A member of a member; null where there is none.</summary>
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

    /// <summary>The elements of a list; none where there is no list.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement json, params ReadOnlySpan<string> names) =>
        json.At(names) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>A text; empty where there is none.</summary>
    public static string Text(this JsonElement json, params ReadOnlySpan<string> names) =>
        json.At(names) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    /// <summary>A number; 0 where there is none.</summary>
    public static int Number(this JsonElement json, params ReadOnlySpan<string> names) =>
        json.At(names) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : 0;

    /// <summary>Whether a member is <c>true</c>.</summary>
    public static bool IsTrue(this JsonElement json, params ReadOnlySpan<string> names) =>
        json.At(names) is { ValueKind: JsonValueKind.True };
}
