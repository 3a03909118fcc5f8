using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace RunnerWebhook.Core.Admission;

/// <summary>Values by bytes, as many as fit into a bounded memory: two generations, of which the older one is dropped when the
/// younger one is full. What is asked for stays.</summary>
internal sealed class BoundedMemo<T>
    where T : class
{
    // About 200 pods of different workloads, and as many again in the older generation.
    private const int MaxBytes = 2 * 1024 * 1024;

    // A larger value would push out too many others.
    private const int MaxValue = MaxBytes / 16;

    private volatile Generation _young = new();
    private volatile Generation _old = new();

    /// <summary>The value; null if there is none.</summary>
    public T? Find(ReadOnlySpan<byte> key)
    {
        if (_young.Find(key) is { } young)
        {
            return young.Value;
        }

        if (_old.Find(key) is not { } old)
        {
            return null;
        }

        Keep(key, old.Value, old.Size);
        return old.Value;
    }

    /// <summary>Keeps a value, unless it is large.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value.</param>
    /// <param name="size">How many bytes it takes, without the key.</param>
    /// <returns>Whether it is kept.</returns>
    public bool Keep(ReadOnlySpan<byte> key, T value, int size)
    {
        var young = _young;
        if (key.Length + size > MaxValue)
        {
            return false;
        }

        if (young.Add(key, value, size) > MaxBytes)
        {
            (_old, _young) = (young, new());
        }

        return true;
    }

    private sealed class Generation
    {
        private readonly ConcurrentDictionary<byte[], (T Value, int Size)> _values = new(ByteComparer.Instance);
        private int _bytes;

        public (T Value, int Size)? Find(ReadOnlySpan<byte> key) =>
            _values.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var found) ? found : null;

        // Returns the bytes in all.
        public int Add(ReadOnlySpan<byte> key, T value, int size)
        {
            _values[key.ToArray()] = (value, size);
            return Interlocked.Add(ref _bytes, key.Length + size);
        }
    }

    // Seeded anew by each process, so that clients cannot choose objects whose keys collide.
    private sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static ByteComparer Instance { get; } = new();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
