using System.Collections.Immutable;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.PodSecurity;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>The namespaces' Pod Security levels let the injected pods in.</summary>
internal static class PodSecurityCheck
{
    public const string Name = "podSecurity";

    // The first release that enforces the levels by default.
    private static readonly KubernetesVersion Enforced = new(1, 23);

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        if (snapshot.Namespaces.Problem is { } problem)
        {
            return [CheckResult.Skip(Name, "Pod Security levels", problem)];
        }

        var workloads = snapshot.Workloads.Where(workload => !snapshot.LeavesOut(workload)).ToArray();
        var results = workloads.Where(workload => workload.State != WorkloadState.ByHand)
            .GroupBy(workload => workload.Owner)
            .OrderBy(group => group.Key.ToString(), StringComparer.Ordinal)
            .Select(group => Judge(snapshot, group.FirstOrDefault(workload => !workload.IsPod) ?? group.First()))
            .OfType<CheckResult>().ToArray();
        return results.Length > 0 ? results
            : workloads.Length == 0 ? [] : [CheckResult.Pass(Name, "no namespace's level refuses a labelled workload")];
    }

    private static CheckResult? Judge(ClusterSnapshot snapshot, JudgedWorkload workload)
    {
        var name = workload.Owner.Namespace;
        var labels = snapshot.NamespaceNamed(name)?.Labels ?? ImmutableDictionary<string, string>.Empty;
        var standard = PodSecurityStandard.Of(labels, snapshot.Release);
        var violations = standard.Violations(
            InjectedTemplate.Of(workload.Workload.Template, workload.Explanation.Outcome.Patch));
        if (violations.IsEmpty)
        {
            return null;
        }

        var sentence = $"namespace {name} enforces Pod Security level {standard}, which refuses the pods of {workload.Owner}: "
            + string.Join("; ", violations);
        var hint = $"choose an engine that does without the node (annotation {WellKnown.EngineAnnotation}), give the "
            + "containers the securityContext that is missing, or lower the level: "
            + $"kubectl label namespace {name} {WellKnown.PodSecurityLabel}=privileged --overwrite";
        return snapshot.Release < Enforced
            ? CheckResult.Warn(Name, $"{sentence} (from Kubernetes {Enforced} on; this is {snapshot.Version.Or("")})", hint)
            : CheckResult.Fail(Name, sentence, hint);
    }
}
