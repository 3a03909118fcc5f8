using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace RunnerWebhook.Core.Admission;

/// <summary>
/// The bytes of a review without the values that no decision uses: what differs from one pod of a workload to the next, and
/// what the API server keeps for itself. Two reviews with the same key get the same answer, except for the uid, the object's
/// name in the sentence, and the letters of the service account's volume. Member names, and the types of the values left out,
/// are part of the key, so that a body with a known key is as valid as the first one was.
/// </summary>
internal sealed class ReviewKey : IDisposable
{
    // Larger reviews are decided anew each time.
    private const int MaxBytes = 64 * 1024;
    private const int MaxNameLength = 253;
    private const int RandomLetters = 5;

    private static readonly SearchValues<byte> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"u8);

    private byte[] _bytes;
    private int _length;

    private ReviewKey(byte[] bytes) => _bytes = bytes;

    /// <summary>The name of the volume that the API server adds to every pod; random letters follow.</summary>
    public static ReadOnlySpan<byte> ServiceAccountVolume => "kube-api-access-"u8;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>The request's uid.</summary>
    public string Uid { get; private set; } = "";

    /// <summary>How messages name the object, without kind and namespace.</summary>
    public string ObjectName { get; private set; } = "";

    /// <summary>The random letters of the service account's volume, which the key leaves out; empty if there are none.</summary>
    public byte[] Letters { get; private set; } = [];

    /// <summary>Reads a review.</summary>
    /// <returns>Its key; null if the review is large, unusual or not valid.</returns>
    public static ReviewKey? TryRead(ReadOnlySpan<byte> body)
    {
        // Escapes could be halves of characters: they are for the strict reader.
        if (body.Length is 0 or > MaxBytes || !Utf8.IsValid(body) || body.IndexOf("\\ud"u8) >= 0 || body.IndexOf("\\uD"u8) >= 0)
        {
            return null;
        }

        var key = new ReviewKey(ArrayPool<byte>.Shared.Rent(body.Length));
        try
        {
            var scan = new ReviewScan(body, key._bytes);
            if (scan.Read() && key.Take(scan, body))
            {
                return key;
            }
        }
        catch (JsonException)
        {
            // The strict reader says what is wrong.
        }

        key.Dispose();
        return null;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            (_bytes, _length) = ([], 0);
        }
    }

    private static bool IsPlain(ReadOnlySpan<byte> text) =>
        text.Length <= MaxNameLength && !text.ContainsAnyExcept(Plain);

    private bool Take(in ReviewScan scan, ReadOnlySpan<byte> body)
    {
        var uid = body[scan.Uid];
        var name = body[scan.Name];
        var prefix = body[scan.GenerateName];
        var requested = body[scan.RequestName];
        if (uid.IsEmpty || !IsPlain(uid) || !IsPlain(name) || !IsPlain(prefix)
            || !(requested.IsEmpty || requested.SequenceEqual(name)))
        {
            return false;
        }

        _length = scan.Length;
        Uid = Encoding.ASCII.GetString(uid);
        ObjectName = !name.IsEmpty ? Encoding.ASCII.GetString(name)
            : !prefix.IsEmpty ? Encoding.ASCII.GetString(prefix) + "*" : "(no name)";
        HideLetters();
        return true;
    }

    // The random letters make no difference if all mentions have the same ones.
    private void HideLetters()
    {
        var key = _bytes.AsSpan(0, _length);
        var name = ServiceAccountVolume;
        var first = key.IndexOf(name);
        if (first < 0 || first + name.Length + RandomLetters > key.Length)
        {
            return;
        }

        var letters = key.Slice(first + name.Length, RandomLetters).ToArray();
        ReadOnlySpan<byte> whole = [.. name, .. letters];
        if (!IsPlain(letters) || key.Count(name) != key.Count(whole))
        {
            return;
        }

        Letters = letters;
        for (int at = 0, next; (next = key[at..].IndexOf(name)) >= 0;)
        {
            at += next + name.Length;
            key.Slice(at, RandomLetters).Clear();
        }
    }
}
