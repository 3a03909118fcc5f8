using System.Globalization;
using System.Text.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>The webhook's replicas run, and are of this program's version.</summary>
internal static class DeploymentCheck
{
    public const string Name = "deployment";

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        var space = snapshot.Scope.Installation;
        var subject = $"Deployment {space}/{WellKnown.Program}";
        if (!snapshot.Deployment.IsKnown)
        {
            return [CheckResult.Skip(Name, subject, snapshot.Deployment.Problem!)];
        }

        if (snapshot.Deployment.Value is not { } deployment)
        {
            return [OutsideOf(snapshot) is { } url
                ? CheckResult.Skip(Name, subject, $"the API server calls {url}, outside of the cluster")
                : CheckResult.Fail(Name, $"there is no {subject}", "install it: kubectl apply -k charts-free-manifests; or "
                    + "name the namespace it is in with --installation-namespace")];
        }

        return Judge(deployment, subject, $"kubectl get pods -n {space} -l app.kubernetes.io/name={WellKnown.Program}, then "
            + "kubectl describe and kubectl logs of one that is not ready");
    }

    /// <summary>Where the API server calls a webhook outside of the cluster; null where it calls a Service.</summary>
    public static string? OutsideOf(ClusterSnapshot snapshot) => RegistrationCheck.Ours(snapshot)
        .Select(hook => hook.Text("clientConfig", "url")).FirstOrDefault(url => url.Length > 0);

    private static IEnumerable<CheckResult> Judge(JsonElement deployment, string subject, string look)
    {
        var (ready, wanted) = (deployment.Number("status", "readyReplicas"), deployment.Number("spec", "replicas"));
        var image = deployment.List("spec", "template", "spec", "containers")
            .Select(container => container.Text("image")).FirstOrDefault() ?? "";
        var sentence = string.Create(CultureInfo.InvariantCulture, $"{subject}: {ready} of {wanted} replicas ready ({image})");
        yield return ready == 0 ? CheckResult.Fail(Name, sentence, look)
            : ready < wanted ? CheckResult.Warn(Name, sentence, look)
            : CheckResult.Pass(Name, sentence);
        if (OtherVersion(image) is { } version)
        {
            yield return CheckResult.Warn(Name, $"{subject} runs version {version}, and this program is {ProgramVersion.Text}",
                $"what it says of workloads is its own view: take the program of version {version}");
        }
    }

    private static string? OtherVersion(string image)
    {
        var tag = image[(image.LastIndexOf(':') + 1)..];
        return Version.TryParse(tag.TrimStart('v'), out var running) && Version.TryParse(ProgramVersion.Text, out var own)
            && running != own ? tag : null;
    }
}
