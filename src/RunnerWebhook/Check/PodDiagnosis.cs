using System.Globalization;
using System.Text.RegularExpressions;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Check;

/// <summary>Finds out why a pod does not run, from its conditions, containers, events and logs.</summary>
internal static partial class PodDiagnosis
{
    // Pulling images and starting three containers takes that long on a busy node.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly Func<ObservedPod, Diagnosis?>[] Rules =
        [Ended, Down, Unscheduled, Socket, Setup, Sandbox, ContainerDiagnosis.Of, Unready, Starting];

    /// <summary>Why a pod does not run.</summary>
    public static Diagnosis Of(ObservedPod pod) => Rules.Select(rule => rule(pod)).First(found => found is not null)!;

    private static Diagnosis? Ended(ObservedPod pod) => pod.Json.Text("status", "phase") != "Failed" ? null
        : new(Redaction.Of($"the pod was ended ({pod.Json.Text("status", "reason")}: {pod.Json.Text("status", "message")})"),
            $"kubectl delete pod {pod.Name} -n {pod.Owner.Namespace}; if it comes back, free disk and memory on node {pod.Node}");

    private static Diagnosis? Down(ObservedPod pod) => pod.Snapshot.NodesDown.TryGetValue(pod.Node, out var why)
        ? new($"node {pod.Node} is not ready ({why})", $"kubectl describe node {pod.Node}") : null;

    private static Diagnosis? Unscheduled(ObservedPod pod) =>
        PodState.Condition(pod.Json, "PodScheduled") is { } condition && condition.Text("status") == "False"
            ? Symptoms.Scheduling.Find(condition.Text("message"), pod) : null;

    // The engine hostSocket on a node without Docker: the first thing that users of a modern cluster meet.
    private static Diagnosis? Socket(ObservedPod pod)
    {
        var path = pod.Messages("FailedMount").Select(message => SocketText().Match(message))
            .FirstOrDefault(match => match.Success)?.Groups["path"].Value;
        return path is null ? null : new(NodeCheck.WithoutSocket(pod.Snapshot, pod.Node, path), pod.Owner.EngineHint);
    }

    private static Diagnosis? Setup(ObservedPod pod)
    {
        string[] messages = [.. pod.Messages("FailedMount"), .. pod.Messages("FailedAttachVolume")];
        return messages.Select(message => Symptoms.Setup.Find(message, pod)).FirstOrDefault(found => found is not null)
            ?? (messages.Length == 0 || PodState.Failing(pod.Json) is not null ? null
                : new($"a volume can't be mounted: {messages[0]}", $"kubectl describe pod {pod.Name} -n {pod.Owner.Namespace}"));
    }

    private static Diagnosis? Sandbox(ObservedPod pod) => PodState.Failing(pod.Json) is null
        && pod.Messages("FailedCreatePodSandBox").FirstOrDefault() is { } message
        ? Symptoms.Setup.Find(message, pod) ?? new($"the pod's sandbox can't be created: {message}",
            $"look at the container runtime of node {pod.Node}") : null;

    private static Diagnosis? Unready(ObservedPod pod) => pod.Messages("Unhealthy").FirstOrDefault() is { } message
        && pod.Age > Patience
        ? new($"a probe fails: {message}", $"kubectl logs {pod.Name} -n {pod.Owner.Namespace} --all-containers --tail=20") : null;

    private static Diagnosis Starting(ObservedPod pod)
    {
        var age = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, pod.Age.TotalSeconds):0} s");
        return pod.Age < Patience
            ? new($"created {age} ago, still starting", "run check again in a minute", IsStarting: true)
            : new($"no progress since {age}, and no event says why",
                $"kubectl describe pod {pod.Name} -n {pod.Owner.Namespace}");
    }

    [GeneratedRegex(@"hostPath type check failed: (?<path>\S+) is not a socket file", RegexOptions.CultureInvariant)]
    private static partial Regex SocketText();
}
