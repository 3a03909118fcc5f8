using System.Collections.Immutable;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Resolution;

/// <summary>
/// The settings of one workload: built-in values, then its profile, then its namespace's rule, then the annotations of
/// the namespace, of the workload, and of its pod template; what comes later wins.
/// </summary>
public static class SettingsResolver
{
    /// <summary>The annotation that names the profile, without its prefix.</summary>
    internal const string ProfileName = "profile";

    /// <summary>The annotations that are neither register options nor handled elsewhere, without their prefix.</summary>
    public static IEnumerable<string> StructuralNames => ProfileKeys.ByAnnotation.Keys;

    /// <summary>Whether an annotation can set something at all.</summary>
    /// <param name="name">Its name, without its prefix.</param>
    internal static bool IsKnown(string name) => name == ProfileName || ProfileKeys.ByAnnotation.ContainsKey(name)
        || (RegisterOptions.Find(name) is not null && ReservedOption.Reason(name) is null);

    /// <summary>The setting that an annotation with another prefix, or with none, must mean; null if it means none.</summary>
    /// <param name="key">The annotation.</param>
    internal static string? MeantBy(string key)
    {
        const string usual = WellKnown.InjectLabel;
        var slash = key.LastIndexOf('/');
        var isOurs = slash < 0 && key.StartsWith(usual, StringComparison.Ordinal) && key.Length > usual.Length;
        var name = slash >= 0 ? key[(slash + 1)..] : isOurs ? key[(usual.Length + 1)..] : key;
        // Without a prefix only a name of several words is surely ours: many programs have a description.
        var isMeant = slash >= 0
            ? key[..(slash + 1)] != WellKnown.AnnotationPrefix && key[..slash].Contains("runner", StringComparison.Ordinal)
            : isOurs || name.Contains('-', StringComparison.Ordinal);
        return isMeant && IsKnown(name) ? name : null;
    }

    /// <summary>Resolves the settings.</summary>
    /// <param name="configuration">The platform team's configuration.</param>
    /// <param name="sources">The objects with annotations, in the order in which they win.</param>
    /// <param name="rule">The rule of the namespace; null if there is no policy.</param>
    /// <param name="problems">Every annotation that can't be used, and what to do; empty when the result is usable.</param>
    /// <returns>The settings, without the annotations that can't be used.</returns>
    internal static ResolvedSettings Resolve(RunnerConfiguration configuration, ImmutableArray<AnnotationSource> sources,
        PolicyRule? rule, out ImmutableArray<string> problems)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var mistaken = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        var overrides = ImmutableDictionary.CreateBuilder<string, SettingOrigin>(StringComparer.Ordinal);
        var profile = Choose(configuration, sources, rule, overrides, found);
        if (found.Count > 0)
        {
            mistaken.Add(ProfileName);
        }

        if (rule is not null)
        {
            profile = profile with { Register = profile.Register.SetItems(rule.Register) };
            var origin = new SettingOrigin(SettingLayer.NamespaceRule, rule.Place);
            overrides.AddRange(rule.Register.Keys.Select(name => KeyValuePair.Create(FieldOf(name), origin)));
        }

        var unannotated = profile.Register;
        foreach (var source in sources)
        {
            foreach (var (name, value) in source.Settings.Where(setting => setting.Key != ProfileName))
            {
                if (Apply(profile, name, value, out var problem) is { } next)
                {
                    profile = next;
                    overrides[FieldOf(name)] = source.Origin(name);
                }
                else
                {
                    found.Add($"{source.Name(name)} {problem}");
                    mistaken.Add(name);
                }
            }
        }

        problems = [.. found.Distinct()];
        return new()
        {
            Profile = profile,
            Rule = rule,
            Overrides = overrides.ToImmutable(),
            Unannotated = unannotated,
            Mistaken = mistaken.ToImmutable(),
        };
    }

    /// <summary>The field of a profile that an annotation sets.</summary>
    private static string FieldOf(string annotation) =>
        ProfileKeys.ByAnnotation.TryGetValue(annotation, out var setting) ? setting.Path : "register." + annotation;

    private static RunnerProfile Choose(RunnerConfiguration configuration, ImmutableArray<AnnotationSource> sources,
        PolicyRule? rule, ImmutableDictionary<string, SettingOrigin>.Builder overrides, ImmutableArray<string>.Builder problems)
    {
        var chooser = sources.LastOrDefault(source => source.Annotations.ContainsKey(WellKnown.ProfileAnnotation));
        if (chooser is null)
        {
            if (rule?.Profile is { } named)
            {
                overrides[ResolvedSettings.ProfileField] = new(SettingLayer.NamespaceRule, rule.Place);
                return configuration.Profiles[named];
            }

            return configuration.Default;
        }

        var name = chooser.Annotations[WellKnown.ProfileAnnotation];
        overrides[ResolvedSettings.ProfileField] = chooser.Origin(ProfileName);
        if (configuration.Profiles.TryGetValue(name, out var profile))
        {
            return profile;
        }

        var known = configuration.Profiles.Keys.Order(StringComparer.Ordinal).ToArray();
        problems.Add($"{chooser.Name(ProfileName)} is '{name}'{Suggestion.For(name, known)}, but the profiles are: "
            + string.Join(", ", known));
        return configuration.Default;
    }

    private static RunnerProfile? Apply(RunnerProfile profile, string name, string value, out string problem)
    {
        problem = "";
        if (ProfileKeys.ByAnnotation.TryGetValue(name, out var setting))
        {
            problem = (setting.Kind!.HoldsCredentials ? "" : $"is '{value}', but ") + $"must be {setting.Kind.Takes}";
            return setting.ReadText(profile, value);
        }

        if (ReservedOption.Reason(name) is { } reason)
        {
            problem = reason;
            return null;
        }

        if (RegisterOptions.Find(name) is not { } option)
        {
            var known = RegisterOptions.All.Select(known => known.Name).Concat(ProfileKeys.ByAnnotation.Keys);
            problem = $"is not a known setting{Suggestion.For(name, known)}; "
                + $"a register option that is missing here can be given in {WellKnown.AnnotationPrefix}extra-args";
            return null;
        }

        value = option.IsMap ? RegisterMap.FromText(option, value) : value;
        if ((option.IsList ? SettingKinds.List(value, splitAtCommas: true) : [value]) is not { } values)
        {
            problem = "must be a JSON list of strings, or values between commas";
            return null;
        }

        problem = RegisterValue.Problem(option, values) ?? "";
        return problem.Length == 0 ? profile with { Register = profile.Register.SetItem(name, values) } : null;
    }
}
