namespace RunnerWebhook.Core.Workloads;

/// <summary>One entry of a container's <c>volumeMounts</c>.</summary>
/// <param name="Name">The volume's name; empty if the manifest gives none.</param>
/// <param name="MountPath">The path as written.</param>
/// <param name="SubPath">The path inside the volume; empty for its root.</param>
/// <param name="ReadOnly">Whether the container can't write there.</param>
public sealed record VolumeMount(string Name, string MountPath, string SubPath, bool ReadOnly)
{
    /// <summary>Whether two mount paths are the same directory; a slash more makes no difference.</summary>
    public static bool SamePath(string left, string right) => Trim(left) == Trim(right);

    /// <summary>Whether a path is below a directory; the directory itself is not.</summary>
    public static bool IsBelow(string path, string directory) =>
        Trim(path) is var own && Trim(directory) is var parent && own.Length > parent.Length
        && own.StartsWith(parent, StringComparison.Ordinal) && (parent.EndsWith('/') || own[parent.Length] == '/');

    /// <summary>A path of the pod or its node without <c>.</c>, <c>..</c> and doubled slashes, as the kernel resolves it. Both
    /// are Linux machines; this program may run on another system.</summary>
    public static string WithoutDetours(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return "/" + string.Join('/', parts);
    }

    /// <summary>Whether the API server mounts the service account's token here, as it does in every container.</summary>
    public bool IsServiceAccount => SamePath(MountPath, "/var/run/secrets/kubernetes.io/serviceaccount");

    private static string Trim(string path) => path.Contains("//", StringComparison.Ordinal) ? WithoutDetours(path)
        : path.Length > 1 ? path.TrimEnd('/') : path;
}
