using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Logging;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Logging;

/// <summary>Whatever happens to the output, no one waits for it, memory is bounded, and the loss is counted.</summary>
public sealed class LineSinkTests
{
    [Fact]
    public void Lines_Ended_AreAllWrittenInOrder()
    {
        using var stream = new FaultyStream();
        using (var sink = new LineSink(stream))
        {
            Add(sink, 0, 10_000);
        }

        Assert.Equal(Enumerable.Range(0, 10_000), Numbers(stream));
        Assert.Equal(0, Dropped(stream));
    }

    [Fact]
    public async Task Stream_ThatBlocks_HoldsUpNobodyAndTheLossIsCounted()
    {
        using var stream = new FaultyStream();
        using var sink = new LineSink(stream);
        stream.Block();
        var watch = Stopwatch.StartNew();
        // Some 1.5 times what may wait.
        var count = LineSink.MaxPendingBytes * 3 / 2 / 10;
        Add(sink, 0, count);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"adding lines took {watch.Elapsed}");
        stream.Release();
        await Wait.Until(() => Task.FromResult(Dropped(stream) > 0));
        Assert.Equal(count, Numbers(stream).Length + Dropped(stream));
        Assert.Equal(Numbers(stream).Order(), Numbers(stream));
    }

    [Fact]
    public void Stream_ThatBlocksForEver_DelaysTheEndByABoundedTime()
    {
        var stream = new FaultyStream();
        var sink = new LineSink(stream);
        stream.Block();
        Add(sink, 0, 10);
        var watch = Stopwatch.StartNew();

        sink.Dispose();

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        stream.Release();
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(ObjectDisposedException))]
    [InlineData(typeof(NotSupportedException))]
    public async Task Stream_ThatFailsForAWhile_GoesOnWithACount(Type fault)
    {
        using var stream = new FaultyStream();
        using var sink = new LineSink(stream);
        // As on a full disk: a part is written, the rest is not.
        stream.Fail(fault, after: 4);
        Add(sink, 0, 3);
        await Wait.Until(() => Task.FromResult(stream.Failures > 0));

        stream.Release();
        Add(sink, 3, 1);

        await Wait.Until(() => Task.FromResult(Dropped(stream) + Numbers(stream).Length == 4));
        Assert.InRange(Dropped(stream), 1, 3);
        Assert.Equal(3, Numbers(stream)[^1]);
    }

    [Fact]
    public async Task Line_LongerThanTheBuffer_IsCountedAndTheNextIsWritten()
    {
        using var stream = new FaultyStream();
        using var sink = new LineSink(stream);

        sink.Add(new byte[LineSink.MaxPendingBytes + 1]);
        Add(sink, 0, 1);

        await Wait.Until(() => Task.FromResult(Dropped(stream) == 1));
        Assert.Equal([0], Numbers(stream));
    }

    private static void Add(LineSink sink, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            sink.Add(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{i,9}\n")));
        }
    }

    private static int[] Numbers(FaultyStream stream) => [.. stream.Lines.Where(line => line.Length == 9 && line.All(c => c is ' ' or (>= '0' and <= '9')))
        .Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    private static int Dropped(FaultyStream stream) => stream.Lines.Where(line => line.StartsWith('{'))
        .Sum(line => int.Parse(((string)JsonNode.Parse(line)!["Message"]!).Split(' ')[0], CultureInfo.InvariantCulture));

    private sealed class FaultyStream : MemoryStream
    {
        private readonly ManualResetEventSlim _isOpen = new(true);
        private readonly Lock _writing = new();
        private (Type Fault, int After)? _fault;

        protected override void Dispose(bool disposing)
        {
            _isOpen.Dispose();
            base.Dispose(disposing);
        }

        public int Failures { get; private set; }

        public string[] Lines
        {
            get
            {
                lock (_writing)
                {
                    return Encoding.UTF8.GetString(ToArray()).Split('\n')[..^1];
                }
            }
        }

        public void Block() => _isOpen.Reset();

        public void Fail(Type fault, int after) => _fault = (fault, after);

        public void Release()
        {
            _fault = null;
            _isOpen.Set();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _isOpen.Wait();
            lock (_writing)
            {
                if (_fault is { } fault)
                {
                    base.Write(buffer[..Math.Min(fault.After, buffer.Length)]);
                    Failures++;
                    throw fault.Fault == typeof(ObjectDisposedException) ? new ObjectDisposedException("output")
                        : (Exception)Activator.CreateInstance(fault.Fault, "no space left on device")!;
                }

                base.Write(buffer);
            }
        }
    }
}
