namespace RunnerWebhook.Core.Workloads;

/// <summary>One entry of a container's <c>volumeMounts</c>.</summary>
/// <param name="Name">The volume's name; empty where the manifest gives none.</param>
/// <param name="MountPath">The path as written.</param>
/// <param name="SubPath">The path inside the volume; empty for its root.</param>
public sealed record VolumeMount(string Name, string MountPath, string SubPath)
{
    /// <summary>Whether two mount paths are the same directory; a trailing slash makes no difference.</summary>
    public static bool SamePath(string left, string right) => Trim(left) == Trim(right);

    private static string Trim(string path) => path.Length > 1 ? path.TrimEnd('/') : path;
}
