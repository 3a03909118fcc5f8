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

    /// <summary>Adds the field, or refuses.</summary>
    public static void AddTo(PodPlan plan)
    {
        CheckRelease(plan);
        var spec = plan.Template.Json.At("spec") ?? default;
        if (spec.IsTrue("hostUsers"))
        {
            Refuse(plan, $"spec.hostUsers is true, but {Setting} needs false: remove it");
        }

        foreach (var field in HostNamespaces.Where(field => spec.IsTrue(field)))
        {
            Refuse(plan, $"spec.{field} is true, but a pod in a user namespace ({Setting}) has its own: remove it");
        }

        foreach (var container in plan.Template.InitContainers.Concat(plan.Template.Containers)
            .Where(container => container.Json.List("volumeDevices").Any()))
        {
            Refuse(plan, $"container {container.Name} has volumeDevices, but a pod in a user namespace ({Setting}) gets no block "
                + "devices: remove them");
        }

        foreach (var volume in spec.List("volumes").Where(volume => volume.At("nfs") is not null))
        {
            plan.Advise($"volume {volume.Text("name")} is NFS, which kubelet can't mount into a user namespace ({Setting}): the "
                + "pod may not start");
        }

        var isStated = spec.At("hostUsers") is { ValueKind: JsonValueKind.False };
        plan.Add(new(PieceAddress.HostUsers, JsonValue.Create(false)), isStated);
    }

    // An older API server drops the field without a word, and the engine would be root on the node.
    private static void CheckRelease(PodPlan plan)
    {
        if (plan.Kubernetes is null)
        {
            plan.Guess($"it is unknown whether the cluster has user namespaces (1.33), without which {Setting} has no effect "
                + "and the engine is root on the node: say --kubernetes-version");
        }
        else if (plan.Kubernetes < KubernetesVersion.UserNamespaces)
        {
            Refuse(plan, $"{Setting} needs Kubernetes {KubernetesVersion.UserNamespaces}, but the cluster runs "
                + $"{plan.Kubernetes}, where the engine would be root on the node: set it to false, or upgrade");
        }
    }

    private static void Refuse(PodPlan plan, string problem) => plan.Refuse(OutcomeCode.DeniedFieldConflict, problem);
}
