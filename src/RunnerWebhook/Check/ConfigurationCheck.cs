using System.Globalization;
using System.Text.RegularExpressions;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>The configuration is valid, and the replicas have it in force.</summary>
internal static partial class ConfigurationCheck
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
            return mistakes.Select(mistake => CheckResult.Fail(Name, mistake, "correct it: running replicas keep the last "
                + "good configuration, and a replica that starts now does not become ready"));
        }

        var late = ReplicaReport.Of(snapshot, Name).Select(report => NotInForce(snapshot, report))
            .OfType<CheckResult>().DistinctBy(result => result.Hint).ToArray();
        var (profiles, rules) = (injector.Configuration.Profiles.Count, injector.Configuration.Policy?.Length ?? 0);
        var valid = string.Create(CultureInfo.InvariantCulture,
            $"{place} is valid: revision {injector.Revision}, profiles {profiles}, rules {rules}");
        return [.. late.Length > 0 ? late : [CheckResult.Pass(Name, valid)], .. Unread(snapshot)];
    }

    // A replica says what it has in force, and why it is not the file.
    private static CheckResult? NotInForce(ClusterSnapshot snapshot, ReplicaReport report)
    {
        var (place, installation) = (snapshot.Configuration.Place, snapshot.Scope.Installation);
        var revision = Revision().Match(report.State) is { Success: true } match ? match.Groups[1].Value : "none";
        if (report.Problem.Length > 0 || !report.IsMet)
        {
            return CheckResult.Warn(Name, $"{place} is not in force: pod {report.Pod} keeps revision {revision}: "
                + (report.Problem.Length > 0 ? report.Problem : report.State),
                "do what the replica asks for; it takes the configuration into force by itself");
        }

        return revision == snapshot.Configuration.Injector!.Revision || !snapshot.IsOwnConfiguration ? null
            : CheckResult.Warn(Name, $"{place} is not in force yet: pod {report.Pod} has revision {revision}, the ConfigMap has "
                + snapshot.Configuration.Injector.Revision, "wait a minute for kubelet to bring it to the pods; if it stays so: "
                + $"kubectl rollout restart deployment/{WellKnown.Program} -n {installation}");
    }

    // The ConfigMap alone does not say what the replicas do.
    private static IEnumerable<CheckResult> Unread(ClusterSnapshot snapshot) => snapshot.Readiness.Values
        .Select(reading => reading.Problem).OfType<string>().Distinct().Take(1)
        .Select(problem => CheckResult.Skip(Name, $"whether the replicas have {snapshot.Configuration.Place} in force", problem));

    [GeneratedRegex("revision ([0-9a-f]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Revision();
}
