using System.Globalization;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>Every labelled workload has its runner.</summary>
internal static class InjectionCheck
{
    public const string Name = "injected";

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        var unread = snapshot.Objects.Where(objects => !objects.Kind.AdmittedOn.IsEmpty && objects.Items.Problem is not null)
            .Select(objects => CheckResult.Skip(Name, $"labelled {objects.Kind.Kind}s", objects.Items.Problem!));
        var bare = WorkloadGroup.Of(snapshot.Workloads.Where(workload => workload.State == WorkloadState.Bare))
            .Select(group => CheckResult.Fail(Name, Sentence(snapshot, group), Hint(snapshot, group)));
        CheckResult[] found = [.. unread, .. bare];
        return found.Length > 0 ? found : [CheckResult.Pass(Name, Summary(snapshot))];
    }

    private static string Summary(ClusterSnapshot snapshot)
    {
        var byHand = snapshot.Workloads.Count(workload => workload.State == WorkloadState.ByHand);
        var all = string.Create(CultureInfo.InvariantCulture,
            $"each of {snapshot.Workloads.Length} labelled workloads {snapshot.Scope.Where} has its runner");
        return snapshot.Workloads.IsEmpty ? $"no workload {snapshot.Scope.Where} is labelled"
            : byHand == 0 ? all
            : string.Create(CultureInfo.InvariantCulture, $"{all} ({byHand} registered by hand)");
    }

    private static string Sentence(ClusterSnapshot snapshot, WorkloadGroup group)
    {
        var outcome = group.First.Explanation.Outcome;
        var lack = outcome.Code == OutcomeCode.Completed
            ? group.Verb("lacks pieces of its runner", "lack pieces of their runner")
            : group.Verb("is labelled, but has no runner", "are labelled, but have no runner");
        var why = outcome.IsDenied && snapshot.Configuration.Injector is not null
            ? $", and would be refused today: {outcome.Sentence}" : "";
        return $"{group.Subject} {lack}{why}";
    }

    private static string Hint(ClusterSnapshot snapshot, WorkloadGroup group) =>
        snapshot.LeavesOut(group.Owner.Namespace)
            ? $"namespaceSelector of the registration excludes namespace {group.Owner.Namespace}: "
                + NamespaceSelection.WayIn(snapshot, group.Owner.Namespace)
            : group.First.Explanation.Outcome.IsDenied && snapshot.Configuration.Injector is not null
                ? $"correct what the sentence names; then {group.Owner.Renewal}"
                : group.First.Explanation.Outcome.Code == OutcomeCode.LeftAloneForItsPods
                    ? $"daemonSets is pods: add {WellKnown.InjectLabel}: {WellKnown.InjectValue} to spec.template.metadata.labels"
                : $"it was created while the webhook was not called; {group.Owner.Renewal}";
}
