using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Policy;

namespace RunnerWebhook.Core.Settings;

/// <summary>Reads the configuration file's content.</summary>
public static class ConfigurationReader
{
    // A file with more mistakes is none of ours; reading every one of its 100,000 profiles would take seconds.
    private const int MaxErrors = 1_000;

    /// <summary>Reads the configuration whole.</summary>
    /// <param name="json">The file's one document.</param>
    /// <param name="lineOf">The line of a place in the file, from 1, for messages about rules.</param>
    /// <param name="errors">Every mistake, in reading order, up to some thousand; empty when the result is usable.</param>
    /// <returns>The configuration, or null where there are errors.</returns>
    public static RunnerConfiguration? Read(
        JsonElement json, Func<JsonPointer, int> lineOf, out ImmutableArray<ConfigurationError> errors)
    {
        var found = ImmutableArray.CreateBuilder<ConfigurationError>();
        var root = ConfigurationSection.Root(json, found);
        root.AllowOnly("apiVersion", "kind", "profiles", "policy", "watchNamespaces", "log");
        RequireConstant(root, "apiVersion", RunnerConfiguration.ApiVersion);
        RequireConstant(root, "kind", RunnerConfiguration.Kind);
        var sections = root.Section("profiles");
        var profiles = RunnerConfiguration.BuiltIn.Profiles;
        foreach (var name in sections.Names.TakeWhile(_ => found.Count < MaxErrors))
        {
            if (!KubernetesName.IsLabel(name))
            {
                sections.KeyError(name, $"is no name for a profile; allowed are {KubernetesName.LabelRule}");
            }

            var section = sections.Section(name);
            profiles = profiles.SetItem(name, ProfileReader.Read(name, section) with { StatedAt = Stated(section, lineOf) });
        }

        var names = profiles.Keys.ToImmutableHashSet(StringComparer.Ordinal);
        ImmutableArray<PolicyRule>? policy = root.Value("policy") is null
            ? null
            : [.. root.Items("policy").TakeWhile(_ => found.Count < MaxErrors)
                .Select((rule, index) => PolicyReader.Read(rule, index, names, lineOf))];
        var watchNamespaces = root.Boolean("watchNamespaces", false);
        if (!watchNamespaces && policy?.Any(rule => rule.NamespaceSelector is not null) == true)
        {
            root.Error("watchNamespaces", "must be true: a rule of the policy has a namespaceSelector");
        }

        var logLevel = LogLevel(root.Section("log"));
        errors = [.. found.Distinct()];
        return errors.IsEmpty
            ? new(profiles) { Policy = policy, WatchNamespaces = watchNamespaces, LogLevel = logLevel }
            : null;
    }

    /// <summary>Whether a mapping is one value, and not a section with fields of its own.</summary>
    /// <param name="section">The section that it is in, with a dot at the end.</param>
    /// <param name="name">Its name.</param>
    internal static bool IsValue(string section, string name) => name == "resources" || section == "register.";

    private static LogThreshold LogLevel(ConfigurationSection log)
    {
        log.AllowOnly("level");
        return log.Word("level", RunnerConfiguration.BuiltIn.LogLevel,
            [.. Enum.GetValues<LogThreshold>().Select(level => (level.ToString(), level))]);
    }

    private static ImmutableSortedDictionary<string, int> Stated(
        ConfigurationSection profile, Func<JsonPointer, int> lineOf)
    {
        var fields = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        Collect("", profile);
        return fields.ToImmutable();

        void Collect(string prefix, ConfigurationSection section)
        {
            foreach (var name in section.Names)
            {
                if (section.Value(name) is { ValueKind: JsonValueKind.Object } && !IsValue(prefix, name))
                {
                    Collect($"{prefix}{name}.", section.Section(name));
                }
                else if (section.Value(name) is not null)
                {
                    fields[prefix + name] = lineOf(section.Path.Append(name));
                }
            }
        }
    }

    private static void RequireConstant(ConfigurationSection root, string name, string constant)
    {
        if (root.Text(name, "", constant, text => text == constant).Length == 0 && root.IsMapping
            && root.Value(name) is null)
        {
            root.Error(name, $"is missing, but must be {constant}");
        }
    }
}
