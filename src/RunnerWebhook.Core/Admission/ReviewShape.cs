using System.Buffers;
using System.Collections.Immutable;

namespace RunnerWebhook.Core.Admission;

/// <summary>A key with gaps where it has marks. A review that fits has this key, and is as valid as the first one: comparing
/// bytes is much less work than reading JSON.</summary>
internal sealed class ReviewShape
{
    // What a text may hold without being read: no quote, no escape.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (byte)code).Except("\"\\"u8.ToArray())]);

    private readonly byte[] _key;
    private readonly byte[] _name;
    private readonly ImmutableArray<(int At, Gap Gap)> _gaps;

    /// <param name="key">The key.</param>
    /// <param name="known">The outcome for reviews with this key.</param>
    public ReviewShape(ReviewKey key, KnownReview known)
    {
        _key = key.Bytes.ToArray();
        Known = known;
        _name = key.RepeatedName;
        _gaps = [.. Gaps(_key, key.Marks)];
    }

    private enum Gap
    {
        Text,
        Uid,
        RequestName,
        Name,
        Prefix,
        Letters,
        Number,
    }

    /// <summary>The outcome for reviews of this shape.</summary>
    public KnownReview Known { get; }

    /// <summary>Whether this is the shape of a key.</summary>
    public bool IsOf(ReviewKey key) => key.Bytes.SequenceEqual(_key);

    /// <summary>What a review has in the gaps.</summary>
    /// <returns>Null if the review does not fit; it may still have the key.</returns>
    public ReviewNames? Match(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> uid = default, requested = default, name = _name, prefix = default, letters = default;
        var start = 0;
        foreach (var (at, gap) in _gaps)
        {
            var between = _key.AsSpan(start, at - start);
            if (!body.StartsWith(between))
            {
                return null;
            }

            body = body[between.Length..];
            var length = gap switch
            {
                Gap.Letters => LettersAt(body),
                Gap.Number => NumberAt(body),
                _ => TextAt(body),
            };
            if (length < 0)
            {
                return null;
            }

            switch (gap)
            {
                case Gap.Uid:
                    uid = body[1..(length - 1)];
                    break;
                case Gap.RequestName:
                    requested = body[1..(length - 1)];
                    break;
                case Gap.Name:
                    name = body[1..(length - 1)];
                    break;
                case Gap.Prefix:
                    prefix = body[1..(length - 1)];
                    break;
                case Gap.Letters when !letters.IsEmpty && !body.StartsWith(letters):
                    return null;
                case Gap.Letters:
                    letters = body[..length];
                    break;
            }

            body = body[length..];
            start = at + (gap == Gap.Letters ? length : 1);
        }

        return body.SequenceEqual(_key.AsSpan(start)) && ReviewNames.TryCreate(uid, requested, name, prefix) is { } names
            ? names with { Letters = letters.ToArray() }
            : null;
    }

    private static IEnumerable<(int At, Gap Gap)> Gaps(byte[] key, (int Uid, int RequestName, int Name, int Prefix) marks)
    {
        var volume = ReviewKey.ServiceAccountVolume.ToArray();
        for (var at = 0; at < key.Length; at++)
        {
            if (key[at] == ReviewScan.Number)
            {
                yield return (at, Gap.Number);
            }
            else if (key[at] == ReviewScan.Text && key.AsSpan(0, at).EndsWith(volume))
            {
                yield return (at, Gap.Letters);
                at += ReviewKey.RandomLetters - 1;
            }
            else if (key[at] == ReviewScan.Text)
            {
                yield return (at, at == marks.Uid ? Gap.Uid : at == marks.RequestName ? Gap.RequestName
                    : at == marks.Name ? Gap.Name : at == marks.Prefix ? Gap.Prefix : Gap.Text);
            }
        }
    }

    private static int LettersAt(ReadOnlySpan<byte> body) =>
        body.Length >= ReviewKey.RandomLetters && ReviewNames.IsPlain(body[..ReviewKey.RandomLetters])
            ? ReviewKey.RandomLetters : -1;

    // With its quotes.
    private static int TextAt(ReadOnlySpan<byte> body)
    {
        for (var at = body is [(byte)'"', ..] ? 1 : body.Length; at < body.Length;)
        {
            var next = body[at..].IndexOfAnyExcept(Plain);
            at += next;
            if (next < 0 || body[at] == '"')
            {
                return next < 0 ? -1 : at + 1;
            }

            if (body[at] != '\\' || at + 1 == body.Length || !"\"\\/bfnrt"u8.Contains(body[at + 1]))
            {
                return -1;
            }

            at += 2;
        }

        return -1;
    }

    // Others are rare.
    private static int NumberAt(ReadOnlySpan<byte> body)
    {
        var length = body.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length == 1 || (length > 1 && body[0] != '0') ? length : -1;
    }
}
