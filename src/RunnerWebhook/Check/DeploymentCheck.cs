using System.Globalization;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>The webhook's replicas run, the latest rollout is complete, and the version is this program's.</summary>
internal static class DeploymentCheck
{
    public const string Name = "deployment";

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        var subject = $"Deployment {snapshot.Scope.Installation}/{WellKnown.Program}";
        if (snapshot.Deployment.Problem is { } problem)
        {
            return [CheckResult.Skip(Name, subject, problem)];
        }

        if (!snapshot.Deployment.Has(out var deployment))
        {
            return [OutsideOf(snapshot) is { } url
                ? CheckResult.Skip(Name, subject, $"the API server calls {url}, outside of the cluster")
                : CheckResult.Fail(Name, $"there is no {subject}", "install it: kubectl apply -k charts-free-manifests; or "
                    + "name its namespace with --installation-namespace")];
        }

        return [.. Replicas(snapshot, deployment, subject), .. Version(deployment, subject),
            .. ReplicaReport.Warnings(Name, snapshot, IsOther, report => Cure(snapshot, report))];
    }

    /// <summary>The URL of a webhook outside of the cluster; null if the API server calls a Service.</summary>
    public static string? OutsideOf(ClusterSnapshot snapshot) => RegistrationCheck.Ours(snapshot)
        .Select(hook => hook.Text("clientConfig", "url")).FirstOrDefault(url => url.Length > 0);

    private static IEnumerable<CheckResult> Replicas(ClusterSnapshot snapshot, JsonElement deployment, string subject)
    {
        var (ready, wanted) = (deployment.Number("status", "readyReplicas"), deployment.Number("spec", "replicas"));
        var state = string.Create(CultureInfo.InvariantCulture,
            $"{subject}: {ready} of {wanted} replicas ready ({ImageOf(deployment)})");
        var causes = snapshot.Replicas.Or([]).Where(pod => !PodState.Runs(pod)).Select(pod => Diagnose(snapshot, pod))
            .Distinct().ToArray();
        if (causes.Length == 0)
        {
            var look = $"kubectl describe deployment/{WellKnown.Program} -n {snapshot.Scope.Installation}";
            return [ready < wanted ? Judge(ready, Refused(deployment) is { } why ? $"{why}: {state}" : state, look)
                : IsStuck(deployment) ? CheckResult.Warn(Name, $"the rollout is stuck: {state}", look)
                : CheckResult.Pass(Name, state)];
        }

        // With enough old replicas everything still works, but the new template does not. Without one more than that there is no
        // rollout: the Deployment has not noticed yet.
        var stuck = ready >= wanted && snapshot.Replicas.Or([]).Length > wanted
            ? "; the rollout is stuck, and the old replicas still serve" : "";
        return causes.Select(cause => Judge(ready, $"{cause.Cause}: {state}{stuck}", cause.Hint));
    }

    // Conditions that no other check reports.
    private static bool IsOther(string condition) => condition is not
        (ConfigurationCheck.Name or CertificateCheck.Name or CaBundleCheck.Condition);

    private static string Cure(ClusterSnapshot snapshot, ReplicaReport report) => report.Condition == "namespaces"
        ? "give the replicas the right to list and watch namespaces: add components/watch-namespaces to your kustomization"
        : $"kubectl logs {report.Pod} -n {snapshot.Scope.Installation}";

    private static CheckResult Judge(int ready, string sentence, string hint) =>
        ready == 0 ? CheckResult.Fail(Name, sentence, hint) : CheckResult.Warn(Name, sentence, hint);

    private static Diagnosis Diagnose(ClusterSnapshot snapshot, JsonElement pod)
    {
        var owner = new WorkloadOwner(snapshot.Scope.Installation, "Deployment", WellKnown.Program);
        var name = pod.Text("metadata", "name");
        // The replica itself knows best why it is not ready.
        return ReplicaReport.All(snapshot).FirstOrDefault(report => report.Pod == name && !report.IsMet) is { } unmet
            ? new($"pod {name} is not ready ({unmet})", $"kubectl logs {name} -n {owner.Namespace}")
            : OnUnpushedImage(pod) ?? Certificate(snapshot, PodDiagnosis.Of(new(snapshot, owner, pod)));
    }

    // A Secret made by hand would not help: cert-manager makes this one.
    private static Diagnosis Certificate(ClusterSnapshot snapshot, Diagnosis found)
    {
        var isWaiting = snapshot.Certificate.IsMissing && CertManagerReport.CertificateOf(snapshot.Registration) is not null
            && found.Cause.Contains($"{snapshot.Scope.Installation}/{snapshot.CertificateSecret} ", StringComparison.Ordinal);
        return isWaiting ? CertificateCheck.Explain(snapshot, found.Cause) : found;
    }

    // The shipped manifests name no registry.
    private static Diagnosis? OnUnpushedImage(JsonElement pod) => PodState.Failing(pod) is { } status
        && status.Text("state", "waiting", "reason") is "ErrImagePull" or "ImagePullBackOff" or "ErrImageNeverPull"
        && status.Text("image").StartsWith(WellKnown.Program + ":", StringComparison.Ordinal)
            ? new($"image {status.Text("image")} names no registry that the nodes pull from",
                "push it to yours (./dev image), and set newName in images of charts-free-manifests/base/kustomization.yaml")
            : null;

    private static string? Refused(JsonElement deployment) =>
        deployment.List("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "ReplicaFailure")
            is { ValueKind: JsonValueKind.Object } failure ? failure.Text("message") : null;

    private static bool IsStuck(JsonElement deployment) => deployment.List("status", "conditions").Any(condition =>
        condition.Text("type") == "Progressing" && condition.Text("status") == "False");

    private static IEnumerable<CheckResult> Version(JsonElement deployment, string subject)
    {
        var image = ImageOf(deployment);
        var tag = image[(image.LastIndexOf(':') + 1)..];
        return System.Version.TryParse(tag.TrimStart('v'), out var running)
            && System.Version.TryParse(ProgramVersion.Text, out var own) && running != own
            ? [CheckResult.Warn(Name, $"{subject} runs version {tag}, and this program is {ProgramVersion.Text}",
                $"this program judges workloads by its own rules: use the program of version {tag}")]
            : [];
    }

    private static string ImageOf(JsonElement deployment) => deployment.List("spec", "template", "spec", "containers")
        .Select(container => container.Text("image")).FirstOrDefault() ?? "";
}
