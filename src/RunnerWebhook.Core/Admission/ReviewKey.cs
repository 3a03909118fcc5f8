using System.Buffers;
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
    /// <summary>How many random letters follow the name of the service account's volume.</summary>
    public const int RandomLetters = 5;

    // Larger reviews are decided anew each time.
    private const int MaxBytes = 64 * 1024;

    private byte[] _bytes;
    private int _length;

    private ReviewKey(byte[] bytes) => _bytes = bytes;

    /// <summary>The name of the volume that the API server adds to every pod; random letters follow.</summary>
    public static ReadOnlySpan<byte> ServiceAccountVolume => "kube-api-access-"u8;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>What the key leaves out and answers repeat.</summary>
    public ReviewNames Names { get; private set; } = new("", "", []);

    /// <summary>Where the bytes have a mark in place of the request's uid, the request's name of the object, the object's name,
    /// and the prefix of a name; 0 if there is no such mark.</summary>
    public (int Uid, int RequestName, int Name, int Prefix) Marks { get; private set; }

    /// <summary>The object's name, if it is part of the key; else empty.</summary>
    public byte[] RepeatedName { get; private set; } = [];

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

    private bool Take(in ReviewScan scan, ReadOnlySpan<byte> body)
    {
        if (ReviewNames.TryCreate(body[scan.Uid.At], body[scan.RequestName.At], body[scan.Name.At], body[scan.GenerateName.At])
            is not { } names)
        {
            return false;
        }

        _length = scan.Length;
        Marks = (scan.Uid.Mark, scan.RequestName.Mark, scan.Name.Mark, scan.GenerateName.Mark);
        RepeatedName = scan.Name.Mark == 0 ? body[scan.Name.At].ToArray() : [];
        Names = names with { Letters = HideLetters() };
        return true;
    }

    // The random letters make no difference if all mentions have the same ones.
    private byte[] HideLetters()
    {
        var key = _bytes.AsSpan(0, _length);
        var name = ServiceAccountVolume;
        var first = key.IndexOf(name);
        if (first < 0 || first + name.Length + RandomLetters > key.Length)
        {
            return [];
        }

        var letters = key.Slice(first + name.Length, RandomLetters).ToArray();
        ReadOnlySpan<byte> whole = [.. name, .. letters];
        if (!ReviewNames.IsPlain(letters) || key.Count(name) != key.Count(whole))
        {
            return [];
        }

        for (int at = 0, next; (next = key[at..].IndexOf(name)) >= 0;)
        {
            at += next + name.Length;
            key.Slice(at, RandomLetters).Clear();
        }

        return letters;
    }
}
