namespace RunnerWebhook.Fuzz;

/// <summary>Makes new inputs of known ones. The same seed makes the same inputs.</summary>
public sealed class Mutator(int seed)
{
    private const int MaxSteps = 6;
    private const int MaxCopies = 64;

    private readonly Random _random = new(seed);

    /// <summary>An input made of one or two known ones.</summary>
    /// <param name="known">The known ones.</param>
    /// <param name="costs">The time that each of them takes; the quicker of three is chosen. Null chooses any.</param>
    public byte[] Next(IReadOnlyList<byte[]> known, IReadOnlyList<long>? costs = null)
    {
        var bytes = new List<byte>(Quick(known, costs));
        for (var steps = 1 + _random.Next(MaxSteps); steps > 0; steps--)
        {
            Step(bytes, known);
        }

        return [.. bytes.Take(FuzzTarget.MaxLength)];
    }

    // A few long inputs would otherwise take most of the time.
    private byte[] Quick(IReadOnlyList<byte[]> known, IReadOnlyList<long>? costs)
    {
        if (costs is null || known.Count == 0)
        {
            return Pick(known);
        }

        var (first, second, third) = (Index(known.Count), Index(known.Count), Index(known.Count));
        var quicker = costs[second] < costs[first] ? second : first;
        return known[costs[third] < costs[quicker] ? third : quicker];
    }

    private byte[] Pick(IReadOnlyList<byte[]> known) => known.Count == 0 ? [] : known[Index(known.Count)];

    // New inputs are tried more than old ones.
    private int Index(int count) => _random.Next(3) == 0 ? count - 1 - _random.Next(Math.Min(count, 16)) : _random.Next(count);

    private void Step(List<byte> bytes, IReadOnlyList<byte[]> known)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = Math.Min(_random.Next(1, 1 + (1 << _random.Next(8))), bytes.Count - at);
        switch (_random.Next(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(_random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                Replace(bytes, at, length, Piece(Pick(known)));
                break;
            case 5 when length is > 0 and < 64:
                var copies = Enumerable.Repeat(bytes.GetRange(at, length), _random.Next(MaxCopies));
                bytes.InsertRange(at, copies.SelectMany(copy => copy));
                break;
            case 6:
                Replace(bytes, at, length, Words.All[_random.Next(Words.All.Length)]);
                break;
            default:
                bytes.InsertRange(at, Words.All[_random.Next(Words.All.Length)]);
                break;
        }
    }

    private static void Replace(List<byte> bytes, int at, int length, byte[] piece)
    {
        bytes.RemoveRange(at, length);
        bytes.InsertRange(at, piece);
    }

    private byte[] Piece(byte[] whole)
    {
        var from = _random.Next(whole.Length + 1);
        return whole[from..(from + _random.Next(whole.Length - from + 1))];
    }
}
