namespace RunnerWebhook.Core.Policy;

/// <summary>A glob with a star, taken apart: it matches what <see cref="Glob.Matches"/> says, but most names are told by
/// their ends.</summary>
/// <param name="Start">What stands before the first star.</param>
/// <param name="Middle">What stands between the first star and the last; empty where there is one star.</param>
/// <param name="End">What stands behind the last star.</param>
internal sealed record NamespaceGlob(string Start, string Middle, string End)
{
    private readonly string? _pattern = Middle.Contains('*', StringComparison.Ordinal) ? $"*{Middle}*" : null;

    /// <summary>Takes a pattern apart; null where it has no star.</summary>
    public static NamespaceGlob? TryCreate(string pattern)
    {
        var (first, last) = (pattern.IndexOf('*', StringComparison.Ordinal), pattern.LastIndexOf('*'));
        return first < 0 ? null : new(pattern[..first], first < last ? pattern[(first + 1)..last] : "", pattern[(last + 1)..]);
    }

    /// <summary>Whether the whole name matches.</summary>
    public bool Matches(string name) => name.Length >= Start.Length + End.Length
        && name.StartsWith(Start, StringComparison.Ordinal) && name.EndsWith(End, StringComparison.Ordinal)
        && (Middle.Length == 0 || (_pattern is null
            ? name.AsSpan(Start.Length, name.Length - Start.Length - End.Length).Contains(Middle, StringComparison.Ordinal)
            : Glob.Matches(_pattern, name[Start.Length..(name.Length - End.Length)])));
}
