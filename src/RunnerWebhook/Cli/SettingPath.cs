using System.Text.RegularExpressions;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Cli;

/// <summary>The settings that a path names: a key, or a section with its keys.</summary>
internal static partial class SettingPath
{
    private const string Profile = "profiles.NAME.";
    private const string Register = Profile + "register.";

    // Each register option is a key too.
    private static readonly SettingRow[] All =
    [
        .. SettingsReference.Keys(),
        .. RegisterOptions.All.Select(option => new SettingRow(
            Register + option.Name, SettingsReference.Takes(option), option.Meaning) { Annotation = option.Name }),
    ];

    /// <summary>Every path, in the shortest form that is understood.</summary>
    public static IEnumerable<string> Names => All.Select(row => row.Name).Where(name => name != Profile.TrimEnd('.'))
        .Select(name => name.StartsWith(Profile, StringComparison.Ordinal) ? name[Profile.Length..] : name);

    /// <summary>Finds the settings. A path may begin in a profile (<c>engine.dind</c>), name a profile or an index
    /// (<c>profiles.large.engine</c>, <c>policy[0].allow</c>), or be that of an annotation
    /// (<c>gitlab-runner/engine</c>).</summary>
    /// <returns>None for an unknown path.</returns>
    public static SettingRow[] Find(string path)
    {
        var name = ProfileName().Replace(Index().Replace(path, "[]"), Profile.TrimEnd('.'));
        if (name.StartsWith(WellKnown.AnnotationPrefix, StringComparison.Ordinal))
        {
            return [.. All.Where(row => row.Annotation == name[WellKnown.AnnotationPrefix.Length..])];
        }

        return new[] { name, Profile + name, Register + name }.Select(full => All.Where(row => row.Name == full
                || row.Name.StartsWith(full + ".", StringComparison.Ordinal)
                || row.Name.StartsWith(full + "[", StringComparison.Ordinal)).ToArray())
            .FirstOrDefault(found => found.Length > 0) ?? [];
    }

    [GeneratedRegex(@"\[\d*\]", RegexOptions.CultureInvariant)]
    private static partial Regex Index();

    [GeneratedRegex(@"^profiles\.[^.]+", RegexOptions.CultureInvariant)]
    private static partial Regex ProfileName();
}
