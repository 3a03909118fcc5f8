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

        var late = snapshot.Readiness.Select(replica => NotInForce(snapshot, replica.Key, replica.Value.Or("")))
            .OfType<CheckResult>().DistinctBy(result => result.Hint).ToArray();
        return late.Length > 0 ? late : [CheckResult.Pass(Name, string.Create(CultureInfo.InvariantCulture,
            $"{place} is valid: revision {injector.Revision}, profiles {injector.Configuration.Profiles.Count}, rules {
                injector.Configuration.Policy?.Length ?? 0}"))];
    }

    // A replica says what it has in force, and why it is not the file.
    private static CheckResult? NotInForce(ClusterSnapshot snapshot, string replica, string readiness)
    {
        if (readiness.Split('\n').FirstOrDefault(text => text.Contains("configuration:", StringComparison.Ordinal))
            is not { } line)
        {
            return null;
        }

        var (place, space) = (snapshot.Configuration.Place, snapshot.Scope.Installation);
        var revision = Revision().Match(line) is { Success: true } match ? match.Groups[1].Value : "none";
        if (line.StartsWith("[!]", StringComparison.Ordinal) || line.StartsWith("[-]", StringComparison.Ordinal))
        {
            return CheckResult.Warn(Name, $"{place} is not in force: pod {replica} keeps revision {revision}: "
                + line[(line.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim(),
                "do what the replica asks for; it takes the configuration into force by itself");
        }

        return revision == snapshot.Configuration.Injector!.Revision || !snapshot.IsOwnConfiguration ? null
            : CheckResult.Warn(Name, $"{place} is not in force yet: pod {replica} has revision {revision}, the ConfigMap has "
                + snapshot.Configuration.Injector.Revision, "wait a minute for kubelet to bring it to the pods; if it stays so: "
                + $"kubectl rollout restart deployment/{WellKnown.Program} -n {space}");
    }

    [GeneratedRegex("revision ([0-9a-f]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Revision();
}
