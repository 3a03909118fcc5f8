using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Core.Exporting;

/// <summary>What a configuration allows and its admission policies refuse, as they can't follow it.</summary>
public static class ExportGaps
{
    /// <summary>What policies do otherwise on updates of DaemonSets: they can't compute the digest by which the webhook knows
    /// an edited piece of an older revision.</summary>
    public const string OnUpdate = "on update of a DaemonSet with an older revision, policies render injected pieces anew that "
        + "an earlier update had edited, and the webhook keeps them; set daemonSets: pods if that matters";

    private const int Shown = 8;

    /// <summary>Every gap as a sentence, with the place in the configuration; empty if the policies do all that the webhook
    /// would.</summary>
    public static IEnumerable<string> Of(RunnerConfiguration configuration)
    {
        foreach (var rule in ExportedRule.Of(configuration, ""))
        {
            var place = rule.Rule is { } own ? $"{own.Place}.allow.annotations" : "no policy restricts the annotations";
            var names = Uncovered(rule).ToArray();
            if (names.Length > 0)
            {
                yield return $"{place}: {string.Join(", ", names.Take(Shown))}"
                    + (names.Length > Shown ? $" and {names.Length - Shown} more" : "")
                    + ": a policy can not follow these annotations, and rejects a workload that has one; set allow.annotations "
                    + "without them";
            }

            if (rule.HasOrdinarySidecar)
            {
                yield return $"profiles.{rule.Profile.Name}.{rule.SidecarSetting}: container: a policy adds native sidecars "
                    + "only, and rejects every workload; set it to auto";
            }

            if (rule.SetsPodField is { } setting)
            {
                yield return $"profiles.{rule.Profile.Name}.{setting}: a policy adds no such field, and rejects every workload; "
                    + "remove it";
            }
        }

        if (configuration.WatchNamespaces)
        {
            yield return "watchNamespaces: a policy reads no annotations of namespaces, and rejects every workload of a "
                + "namespace that has one of gitlab-runner/";
        }
    }

    private static IEnumerable<string> Uncovered(ExportedRule rule)
    {
        var covered = rule.Options.Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        return SettingsResolver.StructuralNames.Append("profile").Concat(RegisterOptions.All
                .Where(option => !(option.ServerSide && rule.Profile.Token.Mode == TokenMode.Authentication))
                .Select(option => option.Name))
            .Where(name => rule.IsAllowed(name) && !covered.Contains(name));
    }
}
