using System.Text;

namespace RunnerWebhook.Cli;

/// <summary>Text that is written first and read later: in memory up to a size, beyond that in a temporary file that goes with
/// the process.</summary>
internal sealed class TextSpool : IDisposable
{
    // Some hundred injected manifests.
    private const int MaxInMemory = 4 * 1024 * 1024;
    private const int PartLength = 256 * 1024;

    // A byte order mark in a text is text.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private Stream _stream = new MemoryStream();

    /// <summary>How much has been written, in bytes.</summary>
    public long Length => _stream.Length;

    /// <summary>Writes a text at the end.</summary>
    public void Add(string text)
    {
        _stream.Write(Utf8.GetBytes(text));
        if (_stream is MemoryStream { Length: > MaxInMemory } memory)
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.DeleteOnClose,
            };
            if (!OperatingSystem.IsWindows())
            {
                // Manifests can hold secrets.
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            _stream = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), options);
            memory.WriteTo(_stream);
            memory.Dispose();
        }
    }

    /// <summary>Reads everything from the start, in parts.</summary>
    public IEnumerable<string> Parts()
    {
        _stream.Position = 0;
        using var reader = new StreamReader(_stream, Utf8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var part = new char[PartLength];
        while (reader.ReadBlock(part) is var length && length > 0)
        {
            yield return new(part, 0, length);
        }
    }

    public void Dispose() => _stream.Dispose();
}
