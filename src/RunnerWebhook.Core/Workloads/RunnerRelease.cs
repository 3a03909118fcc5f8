using System.Globalization;

namespace RunnerWebhook.Core.Workloads;

/// <summary>Releases of gitlab-runner, as far as an image's tag shows them.</summary>
public static class RunnerRelease
{
    /// <summary>The release of an image; null if its name or tag doesn't show one.</summary>
    public static (int Major, int? Minor)? Of(string image) => ImageReference.Parse(image) is var reference
        && reference.Name.StartsWith(WellKnown.RunnerContainer, StringComparison.Ordinal) ? reference.Release : null;

    /// <summary>Whether a release is known to be older than another, which is written as in <c>16.2</c>. A release without a
    /// minor number counts as the last of its major number, and an unknown one as new.</summary>
    public static bool IsBefore((int Major, int? Minor)? release, string other)
    {
        var parts = other.Split('.');
        return release is { } known && (known.Major, known.Minor ?? int.MaxValue).CompareTo(
            (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture))) < 0;
    }
}
