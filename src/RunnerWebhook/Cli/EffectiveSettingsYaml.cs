using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Cli;

/// <summary>Effective settings as a configuration that states everything, with the origins as comments.</summary>
internal sealed class EffectiveSettingsYaml
{
    // A comment after a longer line moves only its own line.
    private const int MaxWidth = 64;

    private static readonly YamlStyle Style = new();
    private readonly List<(string Text, string Comment)> _lines = [];

    private EffectiveSettingsYaml()
    {
    }

    /// <summary>The whole text; empty if there are no settings.</summary>
    public static string Write(EffectiveSettings shown)
    {
        var yaml = new EffectiveSettingsYaml();
        if (!shown.Profiles.IsEmpty)
        {
            yaml.Head(shown);
            yaml.Add(0, "profiles:");
            foreach (var settings in shown.Profiles)
            {
                yaml.Profile(settings);
            }

            yaml.Policy(shown);
        }

        return yaml.Text();
    }

    private void Head(EffectiveSettings shown)
    {
        if (shown.Namespace is { } asked)
        {
            Add(0, $"# namespace {asked}: {shown.Profiles[0].Rule?.Place ?? "no policy: everything is allowed"}");
        }
        else if (shown is { Rules: null, Configuration.Policy: not null })
        {
            Add(0, $"# profile {shown.Profiles[0].Profile.Name} alone, without the policy");
        }

        if (shown.Profiles.Any(settings => settings.Profile.Token.Value is not null))
        {
            Add(0, "# a token is shown as its digest");
        }

        Add(0, $"apiVersion: {RunnerConfiguration.ApiVersion}");
        Add(0, $"kind: {RunnerConfiguration.Kind}");
        foreach (var (name, value) in ConfigurationWriter.Write(shown.Configuration))
        {
            Add(0, Entry(name, value));
        }
    }

    private void Profile(ResolvedSettings settings)
    {
        var name = settings.Profile.Name;
        var chosen = settings.OriginOf(ResolvedSettings.ProfileField);
        Add(2, $"{ScalarText.OfString(name)}:", $"revision {settings.Revision}"
            + (chosen.Layer == SettingLayer.BuiltIn ? "" : $", chosen by {chosen}"));
        string[] open = [];
        foreach (var (field, value, origin) in settings.All().Where(setting => setting.Field != ResolvedSettings.ProfileField))
        {
            var path = field.Split('.');
            var sections = path[..^1];
            var shared = open.Zip(sections).TakeWhile(pair => pair.First == pair.Second).Count();
            for (var depth = shared; depth < sections.Length; depth++)
            {
                Add(4 + (2 * depth), sections[depth] + ":");
            }

            open = sections;
            // An address that is empty by default can't be stated.
            Add(4 + (2 * sections.Length), ConfigurationWriter.CanState(settings.Profile, field)
                ? Entry(path[^1], value) : $"# {path[^1]}: none", origin.ToString());
        }
    }

    private void Policy(EffectiveSettings shown)
    {
        if (shown.Rules is not { } rules)
        {
            return;
        }

        Add(0, rules.IsEmpty ? "policy: []" : "policy:");
        foreach (var rule in rules)
        {
            var json = ConfigurationWriter.Write(rule);
            if (shown.Namespace is not null)
            {
                // Its own values are among the profile's, and would win over the namespace's annotations.
                json.Remove("register");
                json["profile"] = shown.Profiles[0].Profile.Name;
            }

            Rule(rule, json);
        }
    }

    private void Rule(PolicyRule rule, JsonObject json)
    {
        var start = "  - ";
        foreach (var (name, value) in json)
        {
            if (value is JsonObject section && name is not "namespaceSelector")
            {
                if (section.Count > 0)
                {
                    Add(4, name + ":");
                }

                foreach (var (key, inner) in section)
                {
                    Add(6, inner is null ? $"# {key}: {Unrestricted(key)}" : Entry(key, inner));
                }
            }
            else if (value is not null)
            {
                Add(0, start + Entry(name, value), start[2] == '-' ? rule.Place : "");
                start = "    ";
            }
        }
    }

    private static string Unrestricted(string list) => list switch
    {
        "annotations" => "any but extra-args",
        "namespaceAnnotations" => "as annotations",
        _ => "any",
    };

    private static string Entry(string name, JsonNode? value)
    {
        var json = JsonText.ToElement(value);
        var text = ScalarText.IsSingle(json) ? ScalarText.Of(json) : FlowText.Of(Style, json, indent: null);
        return $"{ScalarText.OfString(name)}: {text}";
    }

    private void Add(int indent, string text, string comment = "") => _lines.Add((new string(' ', indent) + text, comment));

    private string Text()
    {
        var commented = _lines.Where(line => line.Comment.Length > 0).Select(line => line.Text.Length);
        var width = Math.Min(MaxWidth, commented.DefaultIfEmpty().Max());
        var all = new StringBuilder();
        foreach (var (text, comment) in _lines)
        {
            all.Append(comment.Length > 0 ? $"{text.PadRight(width)}  # {comment}" : text).Append('\n');
        }

        return all.ToString();
    }
}
