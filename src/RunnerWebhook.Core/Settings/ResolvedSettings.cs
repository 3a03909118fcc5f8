using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Registration;

namespace RunnerWebhook.Core.Settings;

/// <summary>The settings of one workload after all layers, each of which knows where it comes from.</summary>
public sealed record ResolvedSettings
{
    /// <summary>The field under which <see cref="OriginOf"/> knows the choice of the profile.</summary>
    public const string ProfileField = "profile";

    /// <summary>The values, under the name of their profile.</summary>
    public required RunnerProfile Profile { get; init; }

    /// <summary>The rule of the namespace; null where there is no policy.</summary>
    public required PolicyRule? Rule { get; init; }

    /// <summary>What lies over the profile's own values, by field, as in <c>register.url</c>.</summary>
    public required ImmutableDictionary<string, SettingOrigin> Overrides { get; init; }

    /// <summary>Where a value comes from.</summary>
    /// <param name="field">The field's path in a profile, as in <c>token.secretName</c>.</param>
    public SettingOrigin OriginOf(string field)
    {
        if (Overrides.TryGetValue(field, out var origin))
        {
            return origin;
        }

        return Profile.StatedAt.TryGetValue(field, out var line)
            ? new(SettingLayer.Profile, string.Create(CultureInfo.InvariantCulture,
                $"profiles.{Profile.Name}.{field} (line {line})"))
            : SettingOrigin.BuiltIn;
    }

    /// <summary>Every value by its field, as the configuration file writes it and in its order: a literal token as its
    /// digest, other secrets not at all.</summary>
    public IEnumerable<(string Field, JsonNode? Value, SettingOrigin Origin)> All()
    {
        yield return (ProfileField, Profile.Name, OriginOf(ProfileField));
        foreach (var (field, value) in Fields("", ProfileWriter.Write(Profile)))
        {
            yield return (field, value, OriginOf(field));
        }
    }

    /// <summary>Whether a mapping is one value, and not a section with fields of its own.</summary>
    internal static bool IsValue(string name) => name == "resources";

    private static IEnumerable<(string Field, JsonNode? Value)> Fields(string section, JsonObject content)
    {
        foreach (var (name, value) in content)
        {
            var field = section.Length > 0 ? $"{section}.{name}" : name;
            if (value is JsonObject map && !IsValue(name))
            {
                foreach (var inner in Fields(field, map))
                {
                    yield return inner;
                }
            }
            else
            {
                var isSecret = section == "register" && RegisterOptions.Find(name)?.Secret == true;
                yield return (field, isSecret ? "(not shown)" : value);
            }
        }
    }
}
