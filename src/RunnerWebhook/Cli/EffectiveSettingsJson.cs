using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Cli;

/// <summary>Effective settings as JSON.</summary>
internal static class EffectiveSettingsJson
{
    /// <summary>The whole text.</summary>
    public static string Write(EffectiveSettings shown)
    {
        var json = new JsonObject
        {
            ["file"] = shown.File,
            ["namespace"] = shown.Namespace,
            ["revision"] = ConfigurationWriter.Revision(shown.Configuration),
        };
        foreach (var (name, value) in ConfigurationWriter.Write(shown.Configuration))
        {
            json[name] = value?.DeepClone();
        }

        json["profiles"] = new JsonArray([.. shown.Profiles.Select(settings => (JsonNode)new JsonObject
        {
            ["name"] = settings.Profile.Name,
            ["revision"] = settings.Revision,
            ["settings"] = Settings(settings),
        })]);
        json["rules"] = shown.Rules is not { } rules ? null : new JsonArray([.. rules.Select(rule => (JsonNode)Rule(rule))]);
        json["problems"] = JsonText.Array(shown.Problems);
        return JsonOutput.Write(json);
    }

    /// <summary>The settings in their order, each with its layer.</summary>
    public static JsonArray Settings(ResolvedSettings? settings) =>
        [.. (settings?.All() ?? []).Select(setting => (JsonNode)new JsonObject
        {
            ["field"] = setting.Field,
            ["value"] = setting.Value?.DeepClone(),
            ["layer"] = JsonNamingPolicy.CamelCase.ConvertName(setting.Origin.Layer.ToString()),
            ["place"] = setting.Origin.Place,
        })];

    private static JsonObject Rule(PolicyRule rule)
    {
        var json = ConfigurationWriter.Write(rule);
        json.Insert(0, "index", rule.Index);
        json.Insert(1, "line", rule.Line);
        return json;
    }
}
