using System.Buffers;
using System.Text;

namespace RunnerWebhook.Core.Admission;

/// <summary>What differs between two reviews with the same key and is in both answers.</summary>
/// <param name="Uid">The request's uid.</param>
/// <param name="ObjectName">How messages name the object, without kind and namespace.</param>
/// <param name="Letters">The random letters of the service account's volume, which the key leaves out; empty if there are
/// none.</param>
internal sealed record ReviewNames(string Uid, string ObjectName, byte[] Letters)
{
    private const int MaxLength = 253;

    private static readonly SearchValues<byte> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"u8);

    /// <summary>Names without letters, from the texts of a review.</summary>
    /// <param name="uid">The request's uid.</param>
    /// <param name="requested">The request's name of the object; empty for none.</param>
    /// <param name="name">The object's own name; empty for none.</param>
    /// <param name="prefix">The prefix of a name to be made up; empty for none.</param>
    /// <returns>Null if they are unusual.</returns>
    public static ReviewNames? TryCreate(
        ReadOnlySpan<byte> uid, ReadOnlySpan<byte> requested, ReadOnlySpan<byte> name, ReadOnlySpan<byte> prefix)
    {
        if (uid.IsEmpty || !IsPlain(uid) || !IsPlain(name) || !IsPlain(prefix)
            || !(requested.IsEmpty || requested.SequenceEqual(name)))
        {
            return null;
        }

        return new(Encoding.ASCII.GetString(uid), !name.IsEmpty ? Encoding.ASCII.GetString(name)
            : !prefix.IsEmpty ? Encoding.ASCII.GetString(prefix) + "*" : "(no name)", []);
    }

    /// <summary>Whether a text consists of letters, digits and dashes, and is no longer than a name may be.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text) => text.Length <= MaxLength && !text.ContainsAnyExcept(Plain);
}
