using System.Text.Json.Nodes;

namespace RunnerWebhook.Core.Settings;

/// <summary>What a key of the configuration takes.</summary>
/// <param name="Takes">The values that it takes, in words.</param>
/// <param name="Schema">Their JSON Schema.</param>
internal abstract record SettingKind(string Takes, Func<JsonObject> Schema)
{
    /// <summary>The value that the text of an annotation means; null if it means none.</summary>
    public Func<string, JsonNode?> FromText { get; init; } = text => text;

    /// <summary>Whether each member has an origin of its own, as each register option has.</summary>
    public bool HasFields { get; init; }

    /// <summary>Whether a value can hold a credential: messages then don't repeat it.</summary>
    public bool HoldsCredentials { get; init; }

    /// <summary>The keys inside of each element, by the path of the list or mapping. Default none.</summary>
    public Func<string, IEnumerable<SettingRow>> Inner { get; init; } = _ => [];
}

/// <inheritdoc cref="SettingKind"/>
/// <param name="Takes">The values that it takes, in words.</param>
/// <param name="Schema">Their JSON Schema.</param>
/// <param name="Read">The value of a node; the given one, and an error, if the node has none that the key takes.</param>
/// <param name="Write">The value as the configuration file states it; null for none.</param>
internal sealed record SettingKind<T>(
    string Takes, Func<JsonObject> Schema, Func<ConfigurationNode, T, T> Read, Func<T, JsonNode?> Write)
    : SettingKind(Takes, Schema)
{
    /// <summary>What may be shown of the value. Default all of it.</summary>
    public Func<T, JsonNode?> Show { get; init; } = Write;
}
