using System.Globalization;

namespace RunnerWebhook.Check;

/// <summary>Every injected workload has today's settings.</summary>
internal static class RevisionCheck
{
    public const string Name = "outdated";

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        if (snapshot.Configuration.Injector is null)
        {
            return [CheckResult.Skip(Name, "whether workloads are outdated", "the configuration is not at hand")];
        }

        var groups = WorkloadGroup.Of(snapshot.Workloads).Select(Judge).OfType<CheckResult>();
        CheckResult[] found = [.. groups, .. snapshot.Workloads.Select(Rollout).OfType<CheckResult>()];
        return found.Length > 0 ? found
            : snapshot.HasAllWorkloads ? [CheckResult.Pass(Name, "no injected workload is outdated")] : [];
    }

    private static CheckResult? Judge(WorkloadGroup group)
    {
        var (outcome, today) = (group.First.Explanation.Outcome, group.First.Explanation.Today);
        return group.State switch
        {
            WorkloadState.Outdated => CheckResult.Warn(Name, $"{group.Subject} {group.Verb("has", "have")} revision "
                + $"{outcome.Revision}, today's settings have {(outcome.Revision == today.Revision ? "other annotations"
                    : today.Revision)}", group.Owner.Renewal),
            WorkloadState.RefusedToday => CheckResult.Warn(Name, $"{group.Subject} {group.Verb("runs", "run")} with "
                + $"revision {outcome.Revision}, but would be refused today: {today.Sentence}",
                "put right what the sentence names before its next change"),
            _ => null,
        };
    }

    private static CheckResult? Rollout(JudgedWorkload workload) => workload.PodsBehind == 0 ? null
        : CheckResult.Warn(Name, string.Create(CultureInfo.InvariantCulture,
            $"{workload.Owner}: {workload.PodsBehind} of its pods are of an older template"),
            $"kubectl rollout status daemonset/{workload.Owner.Name} -n {workload.Owner.Namespace}; with updateStrategy "
                + "OnDelete, delete the pods");
}
