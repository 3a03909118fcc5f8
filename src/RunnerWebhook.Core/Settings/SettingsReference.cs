using System.Text.Json.Nodes;
using RunnerWebhook.Core.Registration;

namespace RunnerWebhook.Core.Settings;

/// <summary>Everything that can be set, from the tables that the reader uses.</summary>
public static class SettingsReference
{
    /// <summary>The annotations that are no register options, without <c>gitlab-runner/</c>.</summary>
    public static IEnumerable<SettingRow> Annotations()
    {
        var profile = ConfigurationSchema.Create()["$defs"]!["profile"]!;
        return AnnotationSetting.All.Values
            .Select(setting => new SettingRow(setting.Name, setting.Allowed, Describe(profile, setting.Field))
            {
                Field = setting.Field,
            })
            .Append(new("container", "a container's name", "The runner container, where it isn't named gitlab-runner"))
            .Append(new("profile", "a profile's name", "The profile, where it isn't default or the rule's"))
            .OrderBy(row => row.Name, StringComparer.Ordinal);
    }

    /// <summary>The keys of the configuration file, but for register options.</summary>
    public static IEnumerable<SettingRow> Keys() => Keys(ConfigurationSchema.Create(), "");

    /// <summary>What an option takes, in words.</summary>
    public static string Takes(RegisterOption option)
    {
        var value = option.Kind == RegisterOptionKind.Text && RegisterRule.Allowed(option).Length == 0
            ? option.MultiLine ? "a text of any lines" : "a text"
            : RegisterRule.Allowed(option);
        return option.IsList ? "a list; each " + value : value;
    }

    /// <summary>The options that can't be set, with the reason.</summary>
    public static IEnumerable<SettingRow> Reserved() =>
        ReservedOption.Names.Select(name => new SettingRow(name, "", ReservedOption.Reason(name)!));

    private static string Describe(JsonNode profile, string field) => (string)field.Split('.')
        .Aggregate(profile, (schema, name) => schema["properties"]![name]!)["description"]!;

    private static IEnumerable<SettingRow> Keys(JsonObject root, string path, JsonNode? schema = null)
    {
        schema ??= root;
        var reference = (string?)schema["$ref"];
        var target = reference is null ? schema : root["$defs"]![reference.Split('/')[^1]]!;
        var isRegister = reference is not null && reference.EndsWith("/register", StringComparison.Ordinal);
        if (path.Length > 0)
        {
            yield return new(path, isRegister ? "register options" : Takes(target), (string?)schema["description"] ?? "")
            {
                Default = schema["default"]?.ToJsonString() ?? "",
            };
        }

        var inner = isRegister ? [] : (target["properties"] as JsonObject ?? [])
            .Select(property => (path.Length > 0 ? $"{path}.{property.Key}" : property.Key, property.Value))
            .Append((path + "[]", (target["items"] as JsonObject)?["properties"] is null ? null : target["items"]))
            .Append((path + ".NAME", (target["additionalProperties"] as JsonObject)?["$ref"] is null
                ? null : target["additionalProperties"]));
        foreach (var row in inner.Where(item => item.Item2 is not null).SelectMany(item => Keys(root, item.Item1, item.Item2)))
        {
            yield return row;
        }
    }

    private static string Takes(JsonNode schema)
    {
        if (schema["const"] is { } constant)
        {
            return (string)constant!;
        }

        if (schema["enum"] is JsonArray words)
        {
            return string.Join(", ", words.Where(word => word is not null)
                .Select(word => (string)word! is { Length: > 0 } text ? text : "\"\""));
        }

        return (schema["type"] as JsonArray)?[0]?.GetValue<string>() switch
        {
            "boolean" => "true or false",
            "integer" => $"a whole number from {schema["minimum"]} to {schema["maximum"]}",
            "array" => schema["items"]?["properties"] is null ? "a list of texts" : "a list of mappings",
            "string" => "a text",
            _ => "a mapping",
        };
    }
}
