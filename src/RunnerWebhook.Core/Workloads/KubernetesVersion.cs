using System.Globalization;

namespace RunnerWebhook.Core.Workloads;

/// <summary>A release of Kubernetes, as the API server reports it.</summary>
/// <param name="Major">The major number; 1 so far.</param>
/// <param name="Minor">The minor number.</param>
public readonly record struct KubernetesVersion(int Major, int Minor) : IComparable<KubernetesVersion>
{
    /// <summary>The first release in which init containers with <c>restartPolicy: Always</c> (native sidecars) are on
    /// by default.</summary>
    public static KubernetesVersion NativeSidecars { get; } = new(1, 29);

    /// <summary>The first release in which pods can have a user namespace of their own (<c>hostUsers: false</c>) by
    /// default.</summary>
    public static KubernetesVersion UserNamespaces { get; } = new(1, 33);

    /// <summary>Reads <c>1.31</c>, <c>v1.31.2</c>, <c>1.27+</c> and their like.</summary>
    /// <returns>The version; null if the text is none.</returns>
    public static KubernetesVersion? TryParse(string text)
    {
        var parts = text.TrimStart('v').Split('.');
        return parts.Length >= 2 && Number(parts[0]) is { } major && Number(parts[1].TrimEnd('+')) is { } minor
            ? new(major, minor)
            : null;
    }

    /// <inheritdoc/>
    public int CompareTo(KubernetesVersion other) =>
        Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    /// <summary>Major and minor number, as in <c>1.31</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Whether the left release is older.</summary>
    public static bool operator <(KubernetesVersion left, KubernetesVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left release is newer.</summary>
    public static bool operator >(KubernetesVersion left, KubernetesVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left release is older or the same.</summary>
    public static bool operator <=(KubernetesVersion left, KubernetesVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left release is newer or the same.</summary>
    public static bool operator >=(KubernetesVersion left, KubernetesVersion right) => left.CompareTo(right) >= 0;
}
