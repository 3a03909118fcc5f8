using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Policy;

namespace RunnerWebhook.Core.Settings;

/// <summary>Writes parts of a configuration the way its file has them, every value stated.</summary>
public static class ConfigurationWriter
{
    /// <summary>What a configuration sets for all profiles, in the order of the keys.</summary>
    public static JsonObject Write(RunnerConfiguration configuration) => new(ConfigurationKeys.All
        .ToJson(configuration with { Policy = null }).Where(member => member.Value is not null)
        .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    /// <summary>A rule of the policy; null for what restricts nothing. Credentials are not shown, wherever they are.</summary>
    public static JsonObject Write(PolicyRule rule) =>
        JsonText.WithTexts(ConfigurationKeys.Rule.ToJson(rule), TokenText.Mask)!.AsObject();

    /// <summary>Each value of a profile that there is, by its path, in the order of the keys. Credentials are not shown, wherever
    /// they are; the token's digest replaces the token.</summary>
    public static IEnumerable<(string Path, JsonNode Value)> Show(RunnerProfile profile) => ProfileKeys.All.Keys
        .SelectMany(key => JsonText.WithTexts(key.Show(profile), TokenText.Mask) is not { } value ? []
            : key.Kind!.HasFields ? value.AsObject().Select(field => ($"{key.Path}.{field.Key}", field.Value!))
            : [(key.Path, value)]);

    /// <summary>Whether the configuration file could state a value that <see cref="Show"/> gives. One that it can't state counts
    /// as none.</summary>
    public static bool CanState(RunnerProfile profile, string path) => ProfileKeys.All.Keys
        .FirstOrDefault(key => key.Path == path) is not { } key || key.CanState(profile, key.Show(profile));

    /// <summary>The digest of the settings of one profile: 12 hexadecimal digits, the same on every replica and for any
    /// order of keys.</summary>
    public static string Revision(RunnerProfile profile) => CanonicalJson.Digest(Written(ProfileKeys.All, profile));

    /// <summary>The digest of a whole configuration, of every profile and every rule of the policy: 12 hexadecimal digits. The
    /// server's own log has no part in it.</summary>
    public static string Revision(RunnerConfiguration configuration)
    {
        var json = Written(ConfigurationKeys.All, configuration);
        json.Remove(ConfigurationKeys.LogLevel);
        json["profiles"] = new JsonObject(configuration.Profiles.Select(profile =>
            KeyValuePair.Create(profile.Key, (JsonNode?)Written(ProfileKeys.All, profile.Value))));
        json["policy"] = configuration.Policy is not { } rules ? null
            : new JsonArray([.. rules.Select(rule => (JsonNode)Written(ConfigurationKeys.Rule, rule))]);
        return CanonicalJson.Digest(json);
    }

    private static JsonObject Written<T>(SettingTable<T> table, T owner)
        where T : class => new(table.Keys.Select(key => KeyValuePair.Create(key.Path, key.Write(owner))));
}
