using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace RunnerWebhook.Logging;

/// <summary>Writes finished lines to a stream on a thread of its own, many at once under load. No request waits for the
/// stream: if it does not accept lines, or fails, they are dropped and counted, and the count is written once it works again.
/// </summary>
internal sealed class LineSink : IDisposable
{
    /// <summary>The most bytes that wait for the stream: about a second of reviews at saturation.</summary>
    public const int MaxPendingBytes = 1024 * 1024;

    // SIGXFSZ of Linux and macOS: the file is as large as a file may be. Writing fails then, and the process goes on.
    private const PosixSignal FileTooLarge = (PosixSignal)25;

#pragma warning disable CA1823, CA2213 // Kept, and never disposed of: the signal of the last write arrives later.
    private readonly PosixSignalRegistration? _tooLarge = OperatingSystem.IsWindows() ? null
        : PosixSignalRegistration.Create(FileTooLarge, context => context.Cancel = true);
#pragma warning restore CA1823, CA2213

    // A plain object: the thread waits on it for lines.
    private readonly object _change = new();
    private readonly Stream _stream;
    private readonly Thread _thread;
    private ArrayBufferWriter<byte> _pending = new(16 * 1024);
    private ArrayBufferWriter<byte> _written = new(16 * 1024);
    private long _dropped;
    private long _reported;
    private bool _isBroken;
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
        lock (_change)
        {
            (_pending, _written) = (_written, _pending);
            (_reported, _dropped) = (_dropped, 0);
        }

        try
        {
            if (_isBroken)
            {
                // What was written last may have ended within a line.
                _stream.Write("\n"u8);
            }

            _stream.Write(_written.WrittenSpan);
            ReportDropped();
            _stream.Flush();
            _isBroken = false;
        }
#pragma warning disable CA1031 // The reader of the log is gone, or its disk is full: the server goes on without it.
        catch (Exception)
#pragma warning restore CA1031
        {
            _isBroken = true;
            var lost = _written.WrittenSpan.Count((byte)'\n') + _reported;
            lock (_change)
            {
                _dropped += lost;
            }
        }

        _written.ResetWrittenCount();
    }

    private void ReportDropped()
    {
        if (_reported > 0)
        {
            var count = _reported.ToString(CultureInfo.InvariantCulture);
            _stream.Write(Encoding.UTF8.GetBytes($$"""
                {"LogLevel":"Warning","Message":"{{count}} log lines were dropped: the output was slow or failed"}

                """));
        }
    }
}
