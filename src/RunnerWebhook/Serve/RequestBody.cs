using System.Buffers;

namespace RunnerWebhook.Serve;

/// <summary>Reads bodies of bounded size.</summary>
internal static class RequestBody
{
    /// <summary>
    /// The longest body that is read: 7 MiB. The API server takes objects of up to 3 MiB; an UPDATE sends two of them,
    /// and the rest of the review is small.
    /// </summary>
    public const int MaxBytes = 7 * 1024 * 1024;

    /// <summary>The longest body that is read and thrown away, so that its sender gets an answer and keeps its
    /// connection; beyond it the connection is closed.</summary>
    public const int MaxDiscardedBytes = 64 * 1024 * 1024;

    /// <summary>The body, or null where it is longer than <see cref="MaxBytes"/>.</summary>
    public static async Task<ReadOnlyMemory<byte>?> Read(HttpRequest request, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 0, 16 * 1024, MaxBytes));
        var tooLong = false;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellation);
            tooLong |= body.WrittenCount + read.Buffer.Length > MaxBytes;
            if (!tooLong)
            {
                foreach (var segment in read.Buffer)
                {
                    body.Write(segment.Span);
                }
            }

            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return tooLong ? default(ReadOnlyMemory<byte>?) : body.WrittenMemory;
            }
        }
    }
}
