using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Core.Resolution;

/// <summary>The settings of one workload after all layers, each of which knows where it comes from.</summary>
public sealed record ResolvedSettings
{
    /// <summary>The field under which <see cref="OriginOf"/> knows the choice of the profile.</summary>
    public const string ProfileField = "profile";

    /// <summary>The values, under the name of their profile.</summary>
    public required RunnerProfile Profile { get; init; }

    /// <summary>The rule of the namespace; null if there is no policy.</summary>
    public required PolicyRule? Rule { get; init; }

    /// <summary>What lies over the profile's own values, by field, as in <c>register.url</c>.</summary>
    public required ImmutableDictionary<string, SettingOrigin> Overrides { get; init; }

    /// <summary>The register options below all annotations.</summary>
    public required ImmutableDictionary<string, ImmutableArray<string>> Unannotated { get; init; }

    /// <summary>The annotations that can't be used, by name without their prefix. Default none.</summary>
    public ImmutableHashSet<string> Mistaken { get; init; } = [];

    /// <summary>Whether the profile can't be known, because an annotation names one that there is not.</summary>
    internal bool LacksProfile => Mistaken.Contains(ProfileField);

    /// <summary>The digest of the settings: 12 hexadecimal digits. Register options that annotations set have no part in it: they
    /// are the workload's, and are recorded as they are.</summary>
    public string Revision => ConfigurationWriter.Revision(Profile with { Register = Unannotated });

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
    /// digest, and without the Secret that it takes the place of; other secrets not at all.</summary>
    public IEnumerable<(string Field, JsonNode Value, SettingOrigin Origin)> All()
    {
        yield return (ProfileField, Profile.Name, OriginOf(ProfileField));
        foreach (var (field, value) in ConfigurationWriter.Show(Profile))
        {
            yield return (field, value, OriginOf(field));
        }
    }
}
