using System.Globalization;

namespace RunnerWebhook.Check;

/// <summary>The configuration can be read and has no mistakes.</summary>
internal static class ConfigurationCheck
{
    public const string Name = "configuration";

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        var (place, injector, problem, mistakes) = snapshot.Configuration;
        if (problem is not null)
        {
            return [CheckResult.Skip(Name, place, $"{problem}; or give the file with --config")];
        }

        if (injector is null)
        {
            return mistakes.Select(mistake => CheckResult.Fail(Name, mistake, "correct it: replicas that run keep the last "
                + "good configuration, and one that starts now is not ready"));
        }

        return [CheckResult.Pass(Name, string.Create(CultureInfo.InvariantCulture,
            $"{place} is valid: revision {injector.Revision}, profiles {injector.Configuration.Profiles.Count}, rules {
                injector.Configuration.Policy?.Length ?? 0}"))];
    }
}
