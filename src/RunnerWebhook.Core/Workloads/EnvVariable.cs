using System.Text.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>One entry of a container's <c>env</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The value as written; null if it comes from elsewhere, as from a Secret.</param>
/// <param name="Json">The entry as it was sent.</param>
public sealed record EnvVariable(string Name, string? Value, JsonElement Json)
{
    /// <summary>Whether the value is written here, with nothing in it that kubelet would expand.</summary>
    public bool IsLiteral => Value is not null && !Value.Contains("$(", StringComparison.Ordinal);

    /// <summary>Reads an entry; its shape has been checked with its container.</summary>
    public static EnvVariable Read(JsonElement json)
    {
        var name = json.TryGetProperty("name", out var own) && own.ValueKind == JsonValueKind.String ? own.GetString()! : "";
        var isElsewhere = json.TryGetProperty("valueFrom", out var source) && source.ValueKind == JsonValueKind.Object;
        var value = json.TryGetProperty("value", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
        return new(name, isElsewhere ? null : value, json);
    }
}
