using System.Collections.Immutable;
using System.Globalization;

namespace RunnerWebhook.Core.Injection;

/// <summary>Words that several outcomes share.</summary>
internal static class OutcomeSentence
{
    // What a reader looks for is named, the rest is counted.
    private static readonly ImmutableArray<(string Text, bool IsNamed, ImmutableArray<PieceKind> Kinds)> Nouns =
    [
        ("init container", true, [PieceKind.InitContainer]),
        ("container", true, [PieceKind.Container]),
        ("volume", true, [PieceKind.Volume]),
        ("mount", false, [PieceKind.Mount]),
        ("variable", false, [PieceKind.Variable]),
        ("preStop hook", false, [PieceKind.Hooks, PieceKind.StopHook]),
        ("grace period", false, [PieceKind.GracePeriod]),
        ("user namespace", false, [PieceKind.HostUsers]),
        ("runtime class", false, [PieceKind.RuntimeClass]),
    ];

    /// <summary>The pieces in few words, as in "init container init-runner, volumes a and b, 2 mounts".</summary>
    public static string Pieces(IEnumerable<PieceAddress> addresses)
    {
        var all = addresses.ToLookup(address => Nouns.First(noun => noun.Kinds.Contains(address.Kind)).Text);
        var parts = Nouns.Where(noun => all.Contains(noun.Text))
            .Select(noun => noun.IsNamed ? Named(noun.Text, [.. all[noun.Text].Select(address => address.Name)])
                : Counted(noun.Text, all[noun.Text].Count())).ToArray();
        return parts.Length == 0 ? "nothing but the record" : string.Join(", ", parts);
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

    private static string Named(string noun, ImmutableArray<string> names) => names is [var only]
        ? $"{noun} {only}" : $"{noun}s {string.Join(", ", names[..^1])} and {names[^1]}";

    private static string Counted(string noun, int count) =>
        count == 1 ? $"a {noun}" : string.Create(CultureInfo.InvariantCulture, $"{count} {noun}s");
}
