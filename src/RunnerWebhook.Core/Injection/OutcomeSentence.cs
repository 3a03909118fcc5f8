using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Injection;

/// <summary>Words that several outcomes share.</summary>
internal static class OutcomeSentence
{
    /// <summary>The pieces in few words, as in "init container init-runner, volumes a and b, 2 mounts".</summary>
    public static string Pieces(IEnumerable<JsonPointer> addresses)
    {
        var all = addresses.ToList();
        var parts = new List<string>();
        AddNamed(parts, "init container", all.Where(address => address.Tokens is [_, "initContainers", _]));
        AddNamed(parts, "container", all.Where(address => address.Tokens is [_, "containers", _]));
        AddNamed(parts, "volume", all.Where(address => address.Tokens is [_, "volumes", _]));
        AddCounted(parts, "mount", all.Count(address => address.Tokens is [.., "volumeMounts", _]));
        AddCounted(parts, "variable", all.Count(address => address.Tokens is [.., "env", _]));
        AddCounted(parts, "preStop hook", all.Count(address =>
            address.Tokens is [.., "lifecycle"] or [.., "lifecycle", "preStop"]));
        AddCounted(parts, "grace period", all.Count(PieceAddress.GracePeriod.Equals));
        AddCounted(parts, "user namespace", all.Count(PieceAddress.HostUsers.Equals));
        AddCounted(parts, "runtime class", all.Count(PieceAddress.RuntimeClass.Equals));
        return parts.Count == 0 ? "nothing but the record" : string.Join(", ", parts);
    }

    /// <summary>Profile and revision of a record in brackets, as in " (profile default, revision 0e18dbfe1112)"; empty if the
    /// record has neither.</summary>
    public static string Stamp(InjectionStatus status) => Stamp(status.Profile, status.Revision);

    /// <summary>The same of a profile and a revision, each of which may be empty.</summary>
    public static string Stamp(string profile, string revision)
    {
        var parts = new[] { ("profile", profile), ("revision", revision) }.Where(part => part.Item2.Length > 0)
            .Select(part => $"{part.Item1} {part.Item2}").ToArray();
        return parts.Length == 0 ? "" : $" ({string.Join(", ", parts)})";
    }

    private static void AddNamed(List<string> parts, string noun, IEnumerable<JsonPointer> addresses)
    {
        var names = addresses.Select(address => address.Last).ToArray();
        if (names.Length == 1)
        {
            parts.Add($"{noun} {names[0]}");
        }
        else if (names.Length > 1)
        {
            parts.Add($"{noun}s {string.Join(", ", names[..^1])} and {names[^1]}");
        }
    }

    private static void AddCounted(List<string> parts, string noun, int count)
    {
        if (count > 0)
        {
            parts.Add(count == 1 ? $"a {noun}" : $"{count} {noun}s");
        }
    }
}
