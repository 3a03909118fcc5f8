using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>What creates pods: a controller, or the pod itself.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Name">The name.</param>
internal sealed record WorkloadOwner(string Namespace, string Kind, string Name)
{
    /// <summary>The owner of an object: a pod's controller, or the object itself.</summary>
    public static WorkloadOwner Of(JsonElement json, WorkloadKind kind)
    {
        var namespaceName = json.Text("metadata", "namespace");
        var name = json.Text("metadata", "name");
        if (json.List("metadata", "ownerReferences").FirstOrDefault(owner => owner.IsTrue("controller"))
            is not { ValueKind: JsonValueKind.Object } controller)
        {
            return new(namespaceName, kind.Kind, name);
        }

        var owner = new WorkloadOwner(namespaceName, controller.Text("kind"), controller.Text("name"));
        // A Deployment's ReplicaSets are named after it and their pods' template.
        var hash = json.Text("metadata", "labels", "pod-template-hash");
        return owner.Kind == "ReplicaSet" && hash.Length > 0 && owner.Name.EndsWith("-" + hash, StringComparison.Ordinal)
            ? owner with { Kind = "Deployment", Name = owner.Name[..^(hash.Length + 1)] }
            : owner;
    }

    /// <summary>The command that brings today's settings.</summary>
    public string Renewal => Kind switch
    {
        "DaemonSet" or "StatefulSet" or "Deployment" =>
            $"kubectl rollout restart {Kind.ToLowerInvariant()}/{Name} -n {Namespace}",
        "Pod" => $"create it again: kubectl delete pod {Name} -n {Namespace}, and apply its manifest again",
        _ => $"delete the pods of {Kind} {Name} in namespace {Namespace}: it makes new ones",
    };

    /// <summary>How to give it an engine that needs no Docker on the node.</summary>
    public string EngineHint => Kind == "DaemonSet"
        ? $"use engine dind: kubectl annotate daemonset/{Name} -n {Namespace} {WellKnown.EngineAnnotation}=dind --overwrite; "
            + Renewal
        : $"use engine dind: annotation {WellKnown.EngineAnnotation}: dind on the pod template of {this}, or engine.kind: "
            + "dind in the configuration";

    /// <summary>How messages name it.</summary>
    public override string ToString() => $"{Kind} {Namespace}/{Name}";
}
