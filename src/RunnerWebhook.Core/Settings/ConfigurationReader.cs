using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Settings;

/// <summary>Reads the configuration file's content.</summary>
public static class ConfigurationReader
{
    /// <summary>Reads the configuration whole.</summary>
    /// <param name="json">The file's one document.</param>
    /// <param name="lineOf">The line of a place in the file, from 1, for messages about rules.</param>
    /// <param name="errors">Every error, in reading order, up to some thousand; empty when the result is usable.</param>
    /// <returns>The configuration, or null if there are errors.</returns>
    public static RunnerConfiguration? Read(
        JsonElement json, Func<JsonPointer, int> lineOf, out ImmutableArray<ConfigurationError> errors)
    {
        var root = ConfigurationNode.Root(json, lineOf);
        if (OtherKind(json) is { } kind)
        {
            root.Member("kind").Error($"is '{kind}', but must be Configuration: " + (kind == "ConfigMap"
                ? "the configuration is the text below the key config.yaml of its data; save that as a file"
                : "this is a manifest, and no configuration"));
            errors = [.. root.Errors];
            return null;
        }

        var configuration = ConfigurationKeys.All.Read(root, RunnerConfiguration.BuiltIn);
        errors = [.. root.Errors.Distinct()];
        return errors.IsEmpty ? configuration : null;
    }

    // A file of another kind altogether: that every key is unknown says nothing.
    private static string? OtherKind(JsonElement json) => json.ValueKind == JsonValueKind.Object
        && json.Text("apiVersion") is { Length: > 0 } version && version != RunnerConfiguration.ApiVersion
        && json.Text("kind") is { Length: > 0 } kind && kind != RunnerConfiguration.Kind ? kind : null;
}
