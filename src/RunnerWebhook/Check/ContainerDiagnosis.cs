using System.Globalization;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Check;

/// <summary>Finds out why the first container that fails keeps its pod from running.</summary>
internal static class ContainerDiagnosis
{
    private const int OutOfMemoryExit = 137;

    // The guard's first attempts are over by then.
    private static readonly TimeSpan Registering = TimeSpan.FromSeconds(30);

    public static Diagnosis? Of(ObservedPod pod)
    {
        if (PodState.Failing(pod.Json) is not { } status)
        {
            return null;
        }

        pod = pod with { Image = status.Text("image") is { Length: > 0 } image ? image : ImageOf(pod.Json, status.Text("name")) };
        return Waiting(pod, status) ?? Killed(pod, status) ?? Exited(pod, status) ?? Registration(pod, status);
    }

    private static Diagnosis? Waiting(ObservedPod pod, JsonElement status)
    {
        var (reason, message) = (status.Text("state", "waiting", "reason"), status.Text("state", "waiting", "message"));
        return reason switch
        {
            "ErrImagePull" or "ImagePullBackOff" or "ErrImageNeverPull" or "InvalidImageName" or "ImageInspectError" =>
                Symptoms.Images.Find(Pull(pod, reason, message), pod),
            "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError" or "StartError" =>
                Symptoms.Setup.Find(message, pod) ?? Unknown(pod, status, message),
            "CrashLoopBackOff" when PodState.LastEnd(status) is { } end && end.Text("message").Length > 0
                && end.Text("reason") is "StartError" or "ContainerCannotRun" =>
                Symptoms.Setup.Find(end.Text("message"), pod) ?? Unknown(pod, status, end.Text("message")),
            _ => null,
        };
    }

    // The back-off's own message names no reason; the event does.
    private static string Pull(ObservedPod pod, string reason, string message) => pod.Messages("Failed")
        .FirstOrDefault(text => text.Contains("pull image", StringComparison.Ordinal)) is { } text
            ? text : reason == "InvalidImageName" ? reason : message;

    private static Diagnosis? Killed(ObservedPod pod, JsonElement status) => PodState.LastEnd(status) is { } end
        && (end.Text("reason") == "OOMKilled"
            || (end.Number("exitCode") == OutOfMemoryExit && pod.Messages("OOMKilling").Any()))
        ? new($"container {status.Text("name")} needs more memory than its limit (OOMKilled)",
            "raise resources.limits.memory of the container (initContainer.resources in the configuration for the init "
            + $"container); then {pod.Owner.Renewal}") : null;

    private static Diagnosis? Exited(ObservedPod pod, JsonElement status)
    {
        if (PodState.LastEnd(status) is not { } end || end.Number("exitCode") == 0)
        {
            return null;
        }

        var log = pod.Log(status.Text("name"));
        var table = IsInit(pod.Json, status) ? Symptoms.Registration : Symptoms.Running;
        return Classified(table, log, pod) ?? Unknown(pod, status, string.Create(CultureInfo.InvariantCulture,
            $"exit code {end.Number("exitCode")}{(log.Length > 0 ? $": {LastLines(log)}" : "")}"));
    }

    private static Diagnosis? Registration(ObservedPod pod, JsonElement status)
    {
        if (!IsInit(pod.Json, status)
            || TokenKeys.Time(status.Text("state", "running", "startedAt")) is not { } started
            || pod.Snapshot.Now - started < Registering)
        {
            return null;
        }

        var log = pod.Log(status.Text("name"));
        return Classified(Symptoms.Registration, log, pod) ?? new(
            $"init container {status.Text("name")} still runs{(log.Length > 0 ? $": {LastLines(log)}" : "")}",
            $"kubectl logs {pod.Name} -n {pod.Owner.Namespace} -c {status.Text("name")}", IsStarting: true);
    }

    // The last line that means something: earlier ones may be of a failure that has passed.
    private static Diagnosis? Classified(Symptom[] table, string log, ObservedPod pod) =>
        log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Reverse().Select(line => table.Find(line, pod))
            .FirstOrDefault(found => found is not null);

    private static Diagnosis Unknown(ObservedPod pod, JsonElement status, string message) =>
        new(Redaction.Of($"container {status.Text("name")} does not start: {message}"),
            $"kubectl logs {pod.Name} -n {pod.Owner.Namespace} -c {status.Text("name")}"
            + (PodState.HasRestarted(status) ? " --previous" : ""));

    private static string LastLines(string log) => Redaction.Of(string.Join(" | ",
        log.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).TakeLast(3)));

    private static bool IsInit(JsonElement pod, JsonElement status) => pod.List("spec", "initContainers").Any(container =>
        container.Text("name") == status.Text("name") && container.Text("restartPolicy") != "Always");

    private static string ImageOf(JsonElement pod, string name) =>
        pod.List("spec", "initContainers").Concat(pod.List("spec", "containers"))
            .FirstOrDefault(container => container.Text("name") == name) is { ValueKind: JsonValueKind.Object } found
            ? found.Text("image") : "";
}
