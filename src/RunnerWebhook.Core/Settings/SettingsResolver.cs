using System.Collections.Immutable;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Settings;

/// <summary>
/// The settings of one workload: built-in values, then its profile, then its namespace's rule, then the annotations of
/// the workload, then those of its pod template; what comes later wins.
/// </summary>
public static class SettingsResolver
{
    private static readonly string[] HandledElsewhere =
        [WellKnown.ContainerAnnotation, WellKnown.StatusAnnotation, WellKnown.ProfileAnnotation];

    /// <summary>The annotations that are neither register options nor handled elsewhere, without their prefix.</summary>
    public static IEnumerable<string> StructuralNames => AnnotationSetting.All.Keys;

    /// <summary>Resolves the settings.</summary>
    /// <param name="configuration">The platform team's configuration.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="rule">The rule of its namespace; null where there is no policy.</param>
    /// <param name="problems">Every annotation that can't be used, and what to do; empty when the result is usable.</param>
    /// <returns>The settings, under the name of their profile; null where there are problems.</returns>
    public static RunnerProfile? Resolve(
        RunnerConfiguration configuration, Workload workload, PolicyRule? rule, out ImmutableArray<string> problems)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var name = workload.Template.Annotations.GetValueOrDefault(WellKnown.ProfileAnnotation)
            ?? workload.Annotations.GetValueOrDefault(WellKnown.ProfileAnnotation) ?? rule?.Profile ?? WellKnown.DefaultProfile;
        if (!configuration.Profiles.TryGetValue(name, out var profile))
        {
            var known = configuration.Profiles.Keys.Order(StringComparer.Ordinal).ToArray();
            found.Add($"annotation {WellKnown.ProfileAnnotation} is '{name}'{Suggestion.For(name, known)}, but the profiles are: "
                + string.Join(", ", known));
            profile = configuration.Default;
        }

        if (rule is { Register.IsEmpty: false })
        {
            profile = profile with { Register = profile.Register.SetItems(rule.Register) };
        }

        profile = Apply(profile, workload.Annotations, found);
        profile = Apply(profile, workload.Template.Annotations, found);
        problems = [.. found.Distinct()];
        return problems.IsEmpty ? profile : null;
    }

    /// <summary>The settings that a workload's annotations set, without their prefix, in order.</summary>
    internal static IEnumerable<string> SettingsSetBy(Workload workload) =>
        workload.Annotations.Keys.Concat(workload.Template.Annotations.Keys).Distinct()
            .Where(key => key.StartsWith(WellKnown.AnnotationPrefix, StringComparison.Ordinal)
                && key is not (WellKnown.ContainerAnnotation or WellKnown.StatusAnnotation))
            .Select(key => key[WellKnown.AnnotationPrefix.Length..]).Order(StringComparer.Ordinal);

    private static RunnerProfile Apply(
        RunnerProfile profile, ImmutableDictionary<string, string> annotations, ImmutableArray<string>.Builder problems)
    {
        foreach (var (key, value) in annotations.OrderBy(annotation => annotation.Key, StringComparer.Ordinal))
        {
            if (key.StartsWith(WellKnown.AnnotationPrefix, StringComparison.Ordinal) && !HandledElsewhere.Contains(key))
            {
                var next = Apply(profile, key[WellKnown.AnnotationPrefix.Length..], value, out var problem);
                profile = next ?? profile;
                if (next is null)
                {
                    problems.Add($"annotation {key} {problem}");
                }
            }
        }

        return profile;
    }

    private static RunnerProfile? Apply(RunnerProfile profile, string name, string value, out string problem)
    {
        problem = "";
        if (AnnotationSetting.All.TryGetValue(name, out var setting))
        {
            problem = $"is '{value}', but must be {setting.Allowed}";
            return setting.Apply(profile, value);
        }

        if (ReservedOption.Reason(name) is { } reason)
        {
            problem = reason;
            return null;
        }

        if (RegisterOptions.Find(name) is not { } option)
        {
            var known = RegisterOptions.All.Select(known => known.Name).Concat(AnnotationSetting.All.Keys);
            problem = $"is no setting that is known here{Suggestion.For(name, known)}; "
                + $"a register option that is missing here can be given in {WellKnown.AnnotationPrefix}extra-args";
            return null;
        }

        if ((option.IsList ? AnnotationSetting.ReadList(value, splitAtCommas: true) : [value]) is not { } values)
        {
            problem = "must be a JSON list of strings, or values between commas";
            return null;
        }

        problem = RegisterValue.Problem(option, values) ?? "";
        return problem.Length == 0 ? profile with { Register = profile.Register.SetItem(name, values) } : null;
    }
}
