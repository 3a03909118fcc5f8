using System.Text.Json;

namespace RunnerWebhook.Core.Json;

/// <summary>The types of JSON values, in words for messages.</summary>
public static class JsonTypeName
{
    /// <summary>The type with its article, as in "a string".</summary>
    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Undefined => "missing",
        _ => "null",
    };
}
