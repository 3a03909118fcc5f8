using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Injection;

/// <summary>Whether what a record claims can be a piece of ours at all: a forged one names other people's containers.</summary>
internal static class PlausiblePiece
{
    private static readonly string[] Sources = ["emptyDir", "hostPath", "secret", "configMap"];

    /// <summary>Whether this program could have put the value there, or somebody made it of what it put there.</summary>
    public static bool IsOne(JsonPointer address, JsonElement value) => address.Tokens switch
    {
        [.., "env", var name] => name == "CONFIG_FILE",
        ["spec", "initContainers" or "containers", _] => IsContainer(value),
        ["spec", "volumes", _] => value.ValueKind == JsonValueKind.Object
            && value.EnumerateObject().All(member => member.Name == "name" || member.Value.ValueKind == JsonValueKind.Null
                || Sources.Contains(member.Name)),
        _ => true,
    };

    // A registration or an engine.
    private static bool IsContainer(JsonElement container) => container.List("command").Concat(container.List("args"))
        .Where(word => word.ValueKind == JsonValueKind.String).Select(word => word.GetString()!)
        .Any(word => word.Contains("register", StringComparison.Ordinal) || word.Contains("dockerd", StringComparison.Ordinal)
            || word.Contains("podman", StringComparison.Ordinal));
}
