using System.Numerics;
using System.Runtime.InteropServices;

namespace RunnerWebhook.Fuzz;

/// <summary>The branches that inputs have taken, and how often, as instrumented assemblies count them.</summary>
internal sealed unsafe class CoverageMap
{
    private const int Size = 1 << 16;

    private readonly byte* _hits = (byte*)NativeMemory.AllocZeroed(Size);
    private readonly byte[] _seen = new byte[Size];

    /// <summary>Lets instrumented assemblies count here. Without a map their first branch would end the process.</summary>
    public CoverageMap() => SharpFuzz.Common.Trace.SharedMem = _hits;

    /// <summary>The number of branches that some input has taken.</summary>
    public int Branches => _seen.Count(counts => counts != 0);

    /// <summary>Whether any branch has been counted: false if no assembly is instrumented.</summary>
    public bool IsAlive => new ReadOnlySpan<byte>(_hits, Size).ContainsAnyExcept((byte)0);

    /// <summary>Forgets the last input.</summary>
    public void Clear()
    {
        new Span<byte>(_hits, Size).Clear();
        SharpFuzz.Common.Trace.PrevLocation = 0;
    }

    /// <summary>Notes what the last input did.</summary>
    /// <param name="byCount">Whether a branch taken more often is new, too.</param>
    /// <returns>Whether something was new.</returns>
    public bool Note(bool byCount = true)
    {
        var isNew = false;
        var words = new ReadOnlySpan<ulong>(_hits, Size / sizeof(ulong));
        for (var word = 0; word < words.Length; word++)
        {
            for (var at = word * sizeof(ulong); words[word] != 0 && at < (word + 1) * sizeof(ulong); at++)
            {
                var bucket = (byte)(_hits[at] == 0 ? 0 : byCount ? 1 << BitOperations.Log2(_hits[at]) : 1);
                isNew |= (bucket & ~_seen[at]) != 0;
                _seen[at] |= bucket;
            }
        }

        return isNew;
    }
}
