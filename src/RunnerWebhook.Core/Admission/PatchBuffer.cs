using System.Buffers;
using System.Collections.Immutable;

namespace RunnerWebhook.Core.Admission;

/// <summary>Pooled memory for a patch.</summary>
internal struct PatchBuffer : IDisposable
{
    private byte[]? _bytes;

    /// <summary>A copy of a patch with other letters at some places.</summary>
    public ReadOnlyMemory<byte> Fill(ReadOnlySpan<byte> patch, ReadOnlySpan<byte> letters, ImmutableArray<int> places)
    {
        Dispose();
        _bytes = ArrayPool<byte>.Shared.Rent(patch.Length);
        patch.CopyTo(_bytes);
        foreach (var place in places)
        {
            letters.CopyTo(_bytes.AsSpan(place));
        }

        return _bytes.AsMemory(0, patch.Length);
    }

    public void Dispose()
    {
        if (_bytes is not null)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = null;
        }
    }
}
