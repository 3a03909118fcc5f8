using System.Buffers;

namespace RunnerWebhook.Serve;

/// <summary>A request's body of bounded size, in one piece. Disposing it gives its memory back.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>
    /// The longest body that is reviewed: 7 MiB. The API server accepts objects of up to 3 MiB; an UPDATE sends two of them,
    /// and the rest of the review is small.
    /// </summary>
    public const int MaxBytes = 7 * 1024 * 1024;

    /// <summary>The longest body that is read and discarded, so that the client receives an answer and keeps its
    /// connection; the connection of a longer one is closed.</summary>
    public const int MaxDiscardedBytes = 64 * 1024 * 1024;

    // Most reviews fit. A declared length is not trusted: memory grows with the bytes that have arrived.
    private const int FirstBuffer = 16 * 1024;

    // Larger buffers are rare, and the pool would keep them for long.
    private const int MaxPooled = 256 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _length;

    private RequestBody()
    {
    }

    /// <summary>Whether the body is longer than <see cref="MaxBytes"/>.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The bytes; empty if there are too many.</summary>
    public ReadOnlyMemory<byte> Bytes => IsTooLong ? default : _buffer.AsMemory(0, _length);

    /// <summary>Reads a body to its end.</summary>
    public static async ValueTask<RequestBody> Read(HttpRequest request, CancellationToken cancellation)
    {
        var body = new RequestBody();
        try
        {
            var reader = request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(cancellation);
                body.Add(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return body;
                }
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose() => Replace([]);

    private void Add(ReadOnlySequence<byte> bytes)
    {
        IsTooLong |= _length + bytes.Length > MaxBytes;
        if (IsTooLong)
        {
            return;
        }

        var length = _length + (int)bytes.Length;
        if (length > _buffer.Length)
        {
            var size = Math.Max(length, _buffer.Length * 2);
            var larger = size <= MaxPooled ? ArrayPool<byte>.Shared.Rent(size) : new byte[size];
            _buffer.AsSpan(0, _length).CopyTo(larger);
            Replace(larger);
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length = length;
    }

    private void Replace(byte[] next)
    {
        if (_buffer.Length is > 0 and <= MaxPooled)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = next;
    }
}
