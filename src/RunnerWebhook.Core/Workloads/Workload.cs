using System.Collections.Immutable;

namespace RunnerWebhook.Core.Workloads;

/// <summary>An object that holds a pod template, with what decides whether it is ours and how messages name it.</summary>
public sealed record Workload
{
    /// <summary>The object's kind.</summary>
    public required WorkloadKind Kind { get; init; }

    /// <summary>How messages name the object, as in <c>DaemonSet default/gitlab-runner</c>; an object that waits for
    /// its name is <c>Pod default/gitlab-runner-*</c>.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The object's name; empty while the API server has yet to make one up. Default empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The object's own annotations that mean something to the injection, in order.</summary>
    public IEnumerable<KeyValuePair<string, string>> OwnSettings => Annotations
        .Where(entry => entry.Key.StartsWith(WellKnown.AnnotationPrefix, StringComparison.Ordinal))
        .OrderBy(entry => entry.Key, StringComparer.Ordinal);

    /// <summary>Whether the object is a DaemonSet whose update starts a node's new pod before the old one has ended. Default
    /// false.</summary>
    public bool Surges { get; init; }

    /// <summary>The object's namespace, for the policy; <c>default</c> if no namespace is named.</summary>
    public required string Namespace { get; init; }

    /// <summary>What is known of that namespace; null if nothing is known: namespaces are not watched by default.</summary>
    public NamespaceMetadata? NamespaceMetadata { get; init; }

    /// <summary>The object's own labels.</summary>
    public required ImmutableDictionary<string, string> Labels { get; init; }

    /// <summary>The object's own annotations.</summary>
    public required ImmutableDictionary<string, string> Annotations { get; init; }

    /// <summary>Whether <c>metadata.deletionTimestamp</c> is set.</summary>
    public required bool BeingDeleted { get; init; }

    /// <summary>The pod template.</summary>
    public required PodTemplate Template { get; init; }

    /// <summary>Whether the object itself asks for a runner: what the API server's object selector matches.</summary>
    public bool IsLabelled => Labels.GetValueOrDefault(WellKnown.InjectLabel) == WellKnown.InjectValue;

    /// <summary>Whether the object or its pod template asks for a runner.</summary>
    public bool IsLabelledAnywhere => IsLabelled || Template.AsksForRunner;

    /// <summary>Whether a kubelet made the pod from a file on its node; such a pod can't be changed.</summary>
    public bool IsMirrorPod => Kind.Kind == "Pod" && Annotations.ContainsKey(WellKnown.MirrorPodAnnotation);
}
