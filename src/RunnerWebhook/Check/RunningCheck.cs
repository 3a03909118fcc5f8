using System.Globalization;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Check;

/// <summary>The pods of the labelled workloads run.</summary>
internal static class RunningCheck
{
    public const string Name = "running";

    // A container that was restarted so often, the last time within this span, is not well.
    private const int ManyRestarts = 3;
    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(15);

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        var leftOut = snapshot.Workloads.Where(snapshot.LeavesOut).Select(workload => workload.Owner).ToHashSet();
        var pods = snapshot.Pods.Where(owned => !leftOut.Contains(owned.Owner)).ToArray();
        var results = pods.SelectMany(owned => Judge(snapshot, owned)).ToArray();
        var running = pods.Sum(owned => owned.Pods.Count(PodState.Runs));
        return results.Length > 0 ? results : pods.Length == 0 ? []
            : [CheckResult.Pass(Name, string.Create(CultureInfo.InvariantCulture,
                $"all pods of {pods.Length} labelled workloads run ({running})"))];
    }

    private static IEnumerable<CheckResult> Judge(ClusterSnapshot snapshot, OwnedPods owned)
    {
        if (owned.Found.Problem is { } problem)
        {
            return [CheckResult.Skip(Name, $"the pods of {owned.Owner}", problem)];
        }

        var diagnoses = owned.Pods.Where(pod => !PodState.Runs(pod))
            .Select(pod => PodDiagnosis.Of(new(snapshot, owned.Owner, pod))).ToArray();
        return
        [
            .. Absent(snapshot, owned),
            .. diagnoses.GroupBy(diagnosis => diagnosis).Select(group => Line(owned, group.Key, group.Count())),
            .. owned.Pods.Where(PodState.Runs).Select(pod => Restarts(snapshot, owned.Owner, pod)).OfType<CheckResult>(),
        ];
    }

    private static CheckResult Line(OwnedPods owned, Diagnosis diagnosis, int count)
    {
        var wanted = Math.Max(owned.Wanted, count);
        var sentence = string.Create(CultureInfo.InvariantCulture,
            $"{diagnosis.Cause}: {count} of {wanted} pods of {owned.Owner} {(count == 1 ? "does" : "do")} not run");
        return diagnosis.IsStarting ? CheckResult.Warn(Name, sentence, diagnosis.Hint)
            : CheckResult.Fail(Name, sentence, diagnosis.Hint);
    }

    // Pods that the DaemonSet's controller should have created.
    private static IEnumerable<CheckResult> Absent(ClusterSnapshot snapshot, OwnedPods owned)
    {
        if (owned.Controller is not { } daemonSet)
        {
            yield break;
        }

        var missing = owned.Wanted - daemonSet.Number("status", "currentNumberScheduled");
        var refused = new ObservedPod(snapshot, owned.Owner, daemonSet).Messages("FailedCreate").FirstOrDefault();
        if (refused is not null && (missing > 0 || owned.Pods.Length < owned.Wanted))
        {
            var pod = new ObservedPod(snapshot, owned.Owner, daemonSet);
            yield return Line(owned, Symptoms.Creation.Find(refused, pod)!, Math.Max(1, owned.Wanted - owned.Pods.Length));
        }
        else if (owned.Wanted == 0 && daemonSet.Number("status", "observedGeneration") > 0)
        {
            yield return CheckResult.Warn(Name, $"no node is chosen by {owned.Owner}: its nodeSelector, affinity and "
                + "tolerations match none", "correct spec.template.spec.nodeSelector, or label a node: kubectl label node NAME "
                + "KEY=VALUE");
        }
    }

    private static CheckResult? Restarts(ClusterSnapshot snapshot, WorkloadOwner owner, JsonElement pod)
    {
        var status = pod.List("status", "containerStatuses").FirstOrDefault(container =>
            container.Number("restartCount") >= ManyRestarts
            && TokenKeys.Time(container.Text("lastState", "terminated", "finishedAt")) is { } ended
            && snapshot.Now - ended < Recently);
        if (status.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var (name, end) = (pod.Text("metadata", "name"), status.At("lastState", "terminated")!.Value);
        var (code, count) = (end.Number("exitCode"), status.Number("restartCount"));
        return CheckResult.Warn(Name, string.Create(CultureInfo.InvariantCulture,
            $"container {status.Text("name")} ended with {end.Text("reason")} (exit code {code}): restarted {count} times ")
            + $"in pod {name} of {owner}",
            end.Text("reason") == "OOMKilled" ? $"raise its resources.limits.memory; then {owner.Renewal}"
                : $"kubectl logs {name} -n {owner.Namespace} -c {status.Text("name")} --previous");
    }
}
