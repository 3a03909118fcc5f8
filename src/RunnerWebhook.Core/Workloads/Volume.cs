namespace RunnerWebhook.Core.Workloads;

/// <summary>One entry of a pod's <c>volumes</c>.</summary>
/// <param name="Name">The volume's name; empty where the manifest gives none.</param>
/// <param name="Source">The name of the volume source, as in <c>emptyDir</c>. A volume without any is an
/// <c>emptyDir</c> to Kubernetes, and so it is here.</param>
/// <param name="HostPath">The host path; null for any other source.</param>
public sealed record Volume(string Name, string Source, string? HostPath)
{
    /// <summary>Whether the volume is an emptyDir.</summary>
    public bool IsEmptyDir => Source == "emptyDir";
}
