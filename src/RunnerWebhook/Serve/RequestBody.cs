using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Serve;

/// <summary>A request's body of bounded size, in one piece. Disposing it gives its memory back.</summary>
internal sealed class RequestBody : IDisposable
{
    // Most reviews fit. A declared length is not trusted: memory grows with the bytes that have arrived.
    private const int FirstBuffer = 16 * 1024;

    private readonly BodyMemory _memory;
    private readonly PipeReader _reader;
    private byte[] _buffer = [];
    private int _length;
    private volatile bool _isGivenUp;

    private RequestBody(BodyMemory memory, PipeReader reader) => (_memory, _reader) = (memory, reader);

    /// <summary>Its place among the incomplete bodies; null before its first byte.</summary>
    public LinkedListNode<RequestBody>? Place { get; set; }

    /// <summary>The bytes of memory that count as its own; only <see cref="BodyMemory"/> sets it.</summary>
    public int Taken { get; set; }

    /// <summary>Whether it has a place among the large bodies; only <see cref="BodyMemory"/> sets it.</summary>
    public bool HasPlace { get; set; }

    /// <summary>Whether the body is longer than <see cref="ServerLimits.MaxReviewBytes"/>.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Whether others needed the memory before the body was complete.</summary>
    public bool IsGivenUp => _isGivenUp;

    /// <summary>The bytes; empty if there are too many.</summary>
    public ReadOnlyMemory<byte> Bytes => IsTooLong || IsGivenUp ? default : _buffer.AsMemory(0, _length);

    /// <summary>Reads a body to its end, or until it is given up.</summary>
    /// <param name="request">The request.</param>
    /// <param name="memory">The memory of all bodies.</param>
    /// <param name="turns">What a long body waits for now and then: bytes that arrive as fast as they are read would keep a
    /// thread.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async ValueTask<RequestBody> Read(
        HttpRequest request, BodyMemory memory, Turns turns, CancellationToken cancellation)
    {
        var body = new RequestBody(memory, request.BodyReader);
        var client = request.HttpContext.Connection.RemoteIpAddress ?? IPAddress.None;
        var sinceTurn = 0L;
        try
        {
            while (true)
            {
                var read = await body._reader.ReadAsync(cancellation);
                if (body.IsTooLong |= body._length + read.Buffer.Length > ServerLimits.MaxReviewBytes)
                {
                    body.Replace([]);
                }
                else if (!body.IsGivenUp && await body.MakeRoom((int)read.Buffer.Length, request, cancellation))
                {
                    read.Buffer.CopyTo(body._buffer.AsSpan(body._length));
                    body._length += (int)read.Buffer.Length;
                }

                sinceTurn += read.Buffer.Length;
                body._reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || body.IsGivenUp)
                {
                    memory.Complete(body);
                    return body;
                }

                if (sinceTurn > ServerLimits.LargeReviewBytes)
                {
                    sinceTurn = 0;
                    await turns.Next(client);
                }
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Whether there are more JSON values than <see cref="ServerLimits.MaxReviewValues"/>.</summary>
    public bool HasTooManyValues()
    {
        // Each value takes a byte at least.
        if (_length <= ServerLimits.MaxReviewValues)
        {
            return false;
        }

        var json = new Utf8JsonReader(Bytes.Span, new() { MaxDepth = JsonText.MaxDepth });
        try
        {
            var values = 0;
            while (values <= ServerLimits.MaxReviewValues && json.Read())
            {
                values++;
            }

            return values > ServerLimits.MaxReviewValues;
        }
        catch (JsonException)
        {
            // The reader of reviews reports what is wrong.
            return false;
        }
    }

    /// <summary>Ends the reading; only <see cref="BodyMemory"/> calls it.</summary>
    public void GiveUp()
    {
        _isGivenUp = true;
        _reader.CancelPendingRead();
    }

    public void Dispose()
    {
        Replace([]);
        _memory.Return(this);
    }

    private async ValueTask<bool> MakeRoom(int bytes, HttpRequest request, CancellationToken cancellation)
    {
        var length = _length + bytes;
        if (length <= _buffer.Length)
        {
            return true;
        }

        var size = Math.Max(length, Math.Clamp(_buffer.Length * 2, FirstBuffer, ServerLimits.MaxReviewBytes));
        if (size > ServerLimits.LargeReviewBytes)
        {
            // With a place the declared length can be trusted.
            size = (int)Math.Clamp(request.ContentLength ?? size, size, ServerLimits.MaxReviewBytes);
        }

        if (size <= ServerLimits.LargeReviewBytes ? !_memory.Take(this, size)
            : !HasPlace && !await _memory.TakePlace(this, cancellation))
        {
            _isGivenUp = true;
            return false;
        }

        var larger = size <= ServerLimits.LargeReviewBytes ? ArrayPool<byte>.Shared.Rent(size) : new byte[size];
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Replace(larger);
        return true;
    }

    private void Replace(byte[] next)
    {
        if (_buffer.Length is > 0 and <= ServerLimits.LargeReviewBytes)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = next;
    }
}
