using System.Text;

namespace RunnerWebhook.Core.Workloads;

/// <summary>References to variables in words of a shell.</summary>
internal static class ShellVariables
{
    /// <summary>The longest text that an expansion gives, in characters: a script can double its variables without end.</summary>
    public const int MaxLength = 16_384;

    /// <summary>The word with <c>$NAME</c>, <c>${NAME}</c> and <c>${NAME:-default}</c> replaced by the values that are known;
    /// others stay as they are.</summary>
    public static string Expand(string word, Dictionary<string, string> variables)
    {
        if (!word.Contains('$', StringComparison.Ordinal))
        {
            return word;
        }

        var text = new StringBuilder();
        for (var at = 0; at < word.Length; at++)
        {
            if (word[at] == '$' && Reference(word, at) is var (name, fallback, length)
                && (variables.GetValueOrDefault(name) ?? fallback) is { } value)
            {
                text.Append(value);
                at += length - 1;
                if (text.Length > MaxLength)
                {
                    return word;
                }
            }
            else
            {
                text.Append(word[at]);
            }
        }

        return text.ToString();
    }

    /// <summary>The word with kubelet's references <c>$(NAME)</c> replaced by the values that are known.</summary>
    public static string ExpandReferences(string word, Dictionary<string, string> variables)
    {
        var text = new StringBuilder();
        for (var at = 0; at < word.Length; at++)
        {
            var rest = word.AsSpan(at);
            var end = rest.StartsWith("$(") ? rest[..Math.Min(rest.Length, MaxNameLength)].IndexOf(')') : -1;
            if (end > 0 && variables.TryGetValue(rest[2..end].ToString(), out var value))
            {
                text.Append(value);
                at += end;
            }
            else
            {
                // To kubelet $$ is one $.
                text.Append(word[at]);
                at += rest.StartsWith("$$") ? 1 : 0;
            }

            if (text.Length > word.Length + MaxLength)
            {
                return word;
            }
        }

        return text.ToString();
    }

    /// <summary>The word with other names in kubelet's references <c>$(NAME)</c>; escaped ones stay.</summary>
    /// <param name="word">The word.</param>
    /// <param name="rename">The other name; null for the same.</param>
    public static string RenameReferences(string word, Func<string, string?> rename)
    {
        var text = new StringBuilder();
        for (var at = 0; at < word.Length; at++)
        {
            var rest = word.AsSpan(at);
            var end = rest.StartsWith("$(") ? rest[..Math.Min(rest.Length, MaxNameLength)].IndexOf(')') : -1;
            var taken = end > 0 ? end + 1 : rest.StartsWith("$$") ? 2 : 1;
            var name = end > 0 ? rename(rest[2..end].ToString()) : null;
            text.Append(name is null ? rest[..taken] : $"$({name})");
            at += taken - 1;
        }

        return text.ToString();
    }

    /// <summary>Whether the text can be a variable's name.</summary>
    public static bool IsName(ReadOnlySpan<char> text) => text.Length > 0 && !char.IsAsciiDigit(text[0])
        && text.IndexOfAnyExcept(NameCharacters) < 0;

    private const int MaxNameLength = 256;

    private static readonly System.Buffers.SearchValues<char> NameCharacters = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private static (string Name, string? Fallback, int Length)? Reference(string word, int at)
    {
        var rest = word.AsSpan(at + 1);
        if (rest.StartsWith("{"))
        {
            rest = rest[1..Math.Min(rest.Length, MaxLength)];
            var end = rest.Length > 0 && IsName(rest[..1]) ? rest.IndexOf('}') : -1;
            var inner = end < 0 ? [] : rest[..end];
            var colon = inner.IndexOf(":-");
            var name = colon < 0 ? inner : inner[..colon];
            return IsName(name) ? (name.ToString(), colon < 0 ? null : inner[(colon + 2)..].ToString(), end + 3) : null;
        }

        var length = rest.IndexOfAnyExcept(NameCharacters);
        var plain = length < 0 ? rest : rest[..length];
        return IsName(plain) ? (plain.ToString(), null, plain.Length + 1) : null;
    }
}
