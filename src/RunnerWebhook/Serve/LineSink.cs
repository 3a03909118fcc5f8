using System.Buffers;
using System.Globalization;
using System.Text;

namespace RunnerWebhook.Serve;

/// <summary>Writes finished lines to a stream on a thread of its own, many at once under load. No request waits for the
/// stream: if it does not accept lines, they are dropped and counted.</summary>
internal sealed class LineSink : IDisposable
{
    // About a second of reviews at saturation.
    private const int MaxPendingBytes = 1024 * 1024;

    // A plain object: the thread waits on it for lines.
    private readonly object _change = new();
    private readonly Stream _stream;
    private readonly Thread _thread;
    private ArrayBufferWriter<byte> _pending = new(16 * 1024);
    private ArrayBufferWriter<byte> _written = new(16 * 1024);
    private long _dropped;
    private bool _isEnding;

    public LineSink(Stream stream)
    {
        _stream = stream;
        _thread = new(Run) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Adds a line, which ends with a line feed.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        lock (_change)
        {
            if (_pending.WrittenCount + line.Length > MaxPendingBytes)
            {
                _dropped++;
                return;
            }

            _pending.Write(line);
            Monitor.Pulse(_change);
        }
    }

    /// <summary>Writes what is pending, within a bounded time.</summary>
    public void Dispose()
    {
        lock (_change)
        {
            _isEnding = true;
            Monitor.Pulse(_change);
        }

        if (_thread.Join(TimeSpan.FromSeconds(2)))
        {
            _stream.Dispose();
        }
    }

    private void Run()
    {
        var isLast = false;
        while (!isLast)
        {
            lock (_change)
            {
                while (!_isEnding && _pending.WrittenCount == 0)
                {
                    Monitor.Wait(_change);
                }

                isLast = _isEnding;
            }

            WritePending();
        }
    }

    private void WritePending()
    {
        long dropped;
        lock (_change)
        {
            (_pending, _written) = (_written, _pending);
            (dropped, _dropped) = (_dropped, 0);
        }

        try
        {
            _stream.Write(_written.WrittenSpan);
            if (dropped > 0)
            {
                var count = dropped.ToString(CultureInfo.InvariantCulture);
                var message = $"{count} log lines were dropped: the output is slow";
                _stream.Write(Encoding.UTF8.GetBytes($"{{\"LogLevel\":\"Warning\",\"Message\":\"{message}\"}}\n"));
            }

            _stream.Flush();
        }
        catch (IOException)
        {
            // The reader of the log is gone, or its disk is full: there is nowhere to report it.
        }

        _written.ResetWrittenCount();
    }
}
