using System.Collections.Immutable;

namespace RunnerWebhook.Core.Workloads;

/// <summary>One entry of a pod's <c>volumes</c>.</summary>
/// <param name="Name">The volume's name; empty if the manifest gives none.</param>
/// <param name="Source">The name of the volume source, as in <c>emptyDir</c>. A volume without any is an
/// <c>emptyDir</c> to Kubernetes, and so it is here.</param>
/// <param name="HostPath">The host path; null for any other source.</param>
/// <param name="Files">The paths that a ConfigMap's or Secret's <c>items</c> name; empty if it brings all of its keys, or is
/// another source.</param>
public sealed record Volume(string Name, string Source, string? HostPath, ImmutableArray<string> Files)
{
    /// <summary>Whether a mount of this volume may bring the file at a path.</summary>
    public bool MayHold(VolumeMount mount, string file) => Files.IsEmpty || (mount.SubPath.Length > 0
        ? Files.Contains(mount.SubPath) || !VolumeMount.SamePath(mount.MountPath, file)
        : Files.Any(own => VolumeMount.SamePath($"{mount.MountPath.TrimEnd('/')}/{own}", file)));

    /// <summary>Whether kubelet mounts it read-only, even if the mount says otherwise.</summary>
    public bool IsReadOnly => Source is "configMap" or "secret" or "projected" or "downwardAPI" or "image";

    /// <summary>Whether the volume is an emptyDir.</summary>
    public bool IsEmptyDir => Source == "emptyDir";
}
