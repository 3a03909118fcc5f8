using System.Collections.Immutable;

namespace RunnerWebhook.Core.Json;

/// <summary>
/// A place in a JSON document (RFC 6901). The empty pointer is the whole document. Two pointers are equal when
/// their tokens are equal; tokens are kept unescaped.
/// </summary>
public sealed class JsonPointer : IEquatable<JsonPointer>
{
    private JsonPointer(ImmutableArray<string> tokens) => Tokens = tokens;

    /// <summary>The whole document, written as the empty string.</summary>
    public static JsonPointer Root { get; } = new([]);

    /// <summary>The unescaped reference tokens, outermost first.</summary>
    public ImmutableArray<string> Tokens { get; }

    /// <summary>The last token.</summary>
    /// <exception cref="InvalidOperationException">This is the root, which has no token.</exception>
    public string Last => Tokens.Length > 0
        ? Tokens[^1]
        : throw new InvalidOperationException("The root pointer has no last token.");

    /// <summary>The pointer without its last token.</summary>
    /// <exception cref="InvalidOperationException">This is the root, which has no parent.</exception>
    public JsonPointer Parent => Tokens.Length > 0
        ? new(Tokens.RemoveAt(Tokens.Length - 1))
        : throw new InvalidOperationException("The root pointer has no parent.");

    /// <summary>A pointer made of unescaped tokens.</summary>
    public static JsonPointer Of(params ReadOnlySpan<string> tokens) => new([.. tokens]);

    /// <summary>Reads the RFC 6901 string form, or returns null if the text is not one.</summary>
    public static JsonPointer? TryParse(string text)
    {
        if (text.Length == 0)
        {
            return Root;
        }

        if (text[0] != '/' || HasBadEscape(text))
        {
            return null;
        }

        return new([.. text[1..].Split('/').Select(Unescape)]);
    }

    /// <summary>The pointer to a member of the object, or to an element of the array, at this place.</summary>
    /// <param name="token">A member name, an array index, or <c>-</c> for the place after the last element.</param>
    public JsonPointer Append(string token) => new(Tokens.Add(token));

    /// <summary>The pointer to the element of the array at this place.</summary>
    /// <param name="index">Zero-based.</param>
    public JsonPointer Append(int index) =>
        Append(index.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>This pointer followed by all tokens of another.</summary>
    public JsonPointer Append(JsonPointer tail) => new(Tokens.AddRange(tail.Tokens));

    /// <inheritdoc/>
    public bool Equals(JsonPointer? other) => other is not null && Tokens.AsSpan().SequenceEqual(other.Tokens.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JsonPointer);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var token in Tokens)
        {
            hash.Add(token, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <summary>The RFC 6901 string form: <c>~</c> as <c>~0</c>, <c>/</c> as <c>~1</c>.</summary>
    public override string ToString() => string.Concat(Tokens.Select(token => "/" + Escape(token)));

    private static string Escape(string token) =>
        token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Unescape(string token) =>
        token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static bool HasBadEscape(string text)
    {
        for (var at = text.IndexOf('~', StringComparison.Ordinal); at >= 0; at = text.IndexOf('~', at + 1))
        {
            if (at + 1 == text.Length || text[at + 1] is not ('0' or '1'))
            {
                return true;
            }
        }

        return false;
    }
}
