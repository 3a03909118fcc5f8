using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Check;

/// <summary>The state of a pod and its containers, as kubelet reports it.</summary>
internal static class PodState
{
    /// <summary>Whether all its containers run and are ready, or it is on its way out.</summary>
    public static bool Runs(JsonElement pod) => pod.At("metadata", "deletionTimestamp") is not null
        || pod.Text("status", "phase") is "Succeeded"
        || Condition(pod, "Ready") is { } ready && ready.Text("status") == "True";

    /// <summary>When a pod's runner registered; null if it has not.</summary>
    public static DateTimeOffset? Registered(JsonElement pod, string initContainer) => TokenKeys.Time(
        pod.List("status", "initContainerStatuses").FirstOrDefault(status => status.Text("name") == initContainer)
            is { ValueKind: JsonValueKind.Object } status ? status.Text("state", "terminated", "finishedAt") : "");

    /// <summary>A condition of a pod or node; null if it is not reported.</summary>
    public static JsonElement? Condition(JsonElement item, string type) =>
        item.List("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type)
            is { ValueKind: JsonValueKind.Object } found ? found : null;

    /// <summary>The first container that keeps the pod from running; null if none was started yet, or all run.</summary>
    public static JsonElement? Failing(JsonElement pod)
    {
        foreach (var status in pod.List("status", "initContainerStatuses"))
        {
            if (!IsDone(pod, status))
            {
                return IsUntouched(status) ? null : status;
            }
        }

        var open = pod.List("status", "containerStatuses").Where(status => !status.IsTrue("ready")).ToArray();
        return open.FirstOrDefault(status => !IsUntouched(status))
            is { ValueKind: JsonValueKind.Object } failing ? failing : null;
    }

    /// <summary>How a container last ended; null if it has not.</summary>
    public static JsonElement? LastEnd(JsonElement status) =>
        status.At("state", "terminated") ?? status.At("lastState", "terminated");

    /// <summary>Whether the log with the reason is that of the container's previous run.</summary>
    public static bool HasRestarted(JsonElement status) =>
        status.At("state", "terminated") is null && status.At("lastState", "terminated") is not null;

    private static bool IsDone(JsonElement pod, JsonElement status)
    {
        var isSidecar = pod.List("spec", "initContainers").Any(container =>
            container.Text("name") == status.Text("name") && container.Text("restartPolicy") == "Always");
        return isSidecar ? status.IsTrue("started")
            : status.At("state", "terminated") is { } end && end.Number("exitCode") == 0;
    }

    // Kubelet creates containers one after another; those that wait for their turn say nothing.
    private static bool IsUntouched(JsonElement status) => status.Text("state", "waiting", "reason")
        is "PodInitializing" or "ContainerCreating" && status.At("lastState", "terminated") is null;
}
