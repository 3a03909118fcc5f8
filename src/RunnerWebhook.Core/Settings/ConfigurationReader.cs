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
        var configuration = ConfigurationKeys.All.Read(root, RunnerConfiguration.BuiltIn);
        errors = [.. root.Errors.Distinct()];
        return errors.IsEmpty ? configuration : null;
    }
}
