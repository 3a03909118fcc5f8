using System.Text.Json.Nodes;
using RunnerWebhook.Core.Registration;

namespace RunnerWebhook.Core.Settings;

/// <summary>Everything that can be set, from the tables that the reader uses.</summary>
public static class SettingsReference
{
    /// <summary>The JSON Schema of the configuration file.</summary>
    public static JsonObject Schema() => ConfigurationKeys.Schema();

    /// <summary>The annotations that are no register options, without <c>gitlab-runner/</c>.</summary>
    public static IEnumerable<SettingRow> Annotations() => ProfileKeys.ByAnnotation
        .Select(entry => new SettingRow(entry.Key, entry.Value.Kind!.Takes, entry.Value.Meaning) { Field = entry.Value.Path })
        .Append(new("container", "a container's name", "The runner container, if it isn't named gitlab-runner"))
        .Append(new("profile", "a profile's name", "The profile, if it isn't default or the rule's"))
        .OrderBy(row => row.Name, StringComparer.Ordinal);

    /// <summary>The keys of the configuration file, but for register options.</summary>
    public static IEnumerable<SettingRow> Keys() => ConfigurationKeys.All.Reference("");

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
}
