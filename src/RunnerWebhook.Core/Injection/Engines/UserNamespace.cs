using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>Puts the pod into a user namespace (<c>hostUsers: false</c>), or says what is in the way. Source: Kubernetes,
/// "User Namespaces", and its validation of pods.</summary>
internal static class UserNamespace
{
    private const string Setting = "engine.dind.userNamespace";

    private static readonly string[] HostNamespaces = ["hostNetwork", "hostPID", "hostIPC"];

    /// <summary>The field, and every reason why the pod can't have it.</summary>
    public static IEnumerable<Finding> Of(RunnerPod pod)
    {
        var spec = pod.Template.Json.At("spec") ?? default;
        var isStated = spec.At("hostUsers") is { ValueKind: JsonValueKind.False };
        return
        [
            .. OnRelease(pod.Kubernetes), .. Conflicts(pod.Template, spec).Select(Refuse), .. OnVolumes(spec),
            .. pod.Piece(new(PieceAddress.HostUsers, JsonValue.Create(false)), isStated),
        ];
    }

    private static IEnumerable<string> Conflicts(PodTemplate template, JsonElement spec)
    {
        if (spec.IsTrue("hostUsers"))
        {
            yield return $"spec.hostUsers is true, but {Setting} needs false: remove it";
        }

        foreach (var field in HostNamespaces.Where(field => spec.IsTrue(field)))
        {
            yield return $"spec.{field} is true, but a pod in a user namespace ({Setting}) has its own: remove it";
        }

        foreach (var container in template.InitContainers.Concat(template.Containers)
            .Where(container => container.Json.List("volumeDevices").Any()))
        {
            yield return $"container {container.Name} has volumeDevices, but a pod in a user namespace ({Setting}) gets no block "
                + "devices: remove them";
        }
    }

    private static IEnumerable<Finding> OnVolumes(JsonElement spec) => spec.List("volumes")
        .Where(volume => volume.At("nfs") is not null).Select(volume => Finding.Advise($"volume {volume.Text("name")} is NFS, "
            + $"which kubelet can't mount into a user namespace ({Setting}): the pod may not start"));

    // An older API server drops the field without a word, and the engine would be root on the node.
    private static IEnumerable<Finding> OnRelease(KubernetesVersion? cluster)
    {
        if (cluster is null)
        {
            yield return Finding.Guess($"it is unknown whether the cluster has user namespaces (1.33), without which {Setting} "
                + "has no effect and the engine is root on the node: say --kubernetes-version");
        }
        else if (cluster < KubernetesVersion.UserNamespaces)
        {
            yield return Refuse($"{Setting} needs Kubernetes {KubernetesVersion.UserNamespaces}, but the cluster runs {cluster}, "
                + "where the engine would be root on the node: set it to false, or upgrade");
        }
    }

    private static Finding Refuse(string problem) => Finding.Refuse(OutcomeCode.DeniedFieldConflict, problem);
}
