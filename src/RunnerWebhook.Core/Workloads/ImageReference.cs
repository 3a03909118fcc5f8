using System.Globalization;
using System.Text.RegularExpressions;

namespace RunnerWebhook.Core.Workloads;

/// <summary>The name of a container image, as in <c>registry.example.com/team/docker:27-dind@sha256:…</c>.</summary>
/// <param name="Name">The last part of the repository, as in <c>docker</c>.</param>
/// <param name="Tag">The tag; empty if there is none.</param>
/// <param name="HasDigest">Whether a digest pins the image.</param>
public sealed partial record ImageReference(string Name, string Tag, bool HasDigest)
{
    /// <summary>Whether the tag says nothing of the release: it is <c>latest</c>, or there is none.</summary>
    public bool IsLatest => Tag == "latest" || (Tag.Length == 0 && !HasDigest);

    /// <summary>The release that the tag begins with, or that it has after a <c>v</c>, as in
    /// <c>alpine3.19-v17.5.0</c>; null if there is none. Minor is null in <c>27-dind</c>.</summary>
    public (int Major, int? Minor)? Release
    {
        get
        {
            var match = AfterDash().Match(Tag) is { Success: true } later ? later : Leading().Match(Tag);
            return match.Success
                ? (int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), match.Groups[2].Success
                    ? int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture)
                    : null)
                : null;
        }
    }

    /// <summary>Reads a reference; the container runtime reports what is wrong with it.</summary>
    public static ImageReference Parse(string text)
    {
        var digest = text.IndexOf('@', StringComparison.Ordinal);
        var name = digest < 0 ? text : text[..digest];
        name = name[(name.LastIndexOf('/') + 1)..];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(name, "", digest >= 0) : new(name[..colon], name[(colon + 1)..], digest >= 0);
    }

    [GeneratedRegex(@"-v([0-9]{1,4})(?:\.([0-9]{1,4}))?(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex AfterDash();

    [GeneratedRegex(@"^v?([0-9]{1,4})(?:\.([0-9]{1,4}))?(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Leading();
}
