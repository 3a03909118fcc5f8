using System.Text.Json;
using RunnerWebhook.Core.Json;

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
    public static EnvVariable Read(JsonElement json) => new(json.Text("name"),
        json.At("valueFrom") is { ValueKind: JsonValueKind.Object } ? null : json.Text("value"), json);
}
