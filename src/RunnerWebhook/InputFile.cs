using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RunnerWebhook;

/// <summary>Files that users name. One may be no file with an end, as a device, or nothing that can be read now, as a pipe.
/// </summary>
internal static class InputFile
{
    /// <summary>The longest file of certificates, keys or tokens that is read, in bytes: 1 MiB is the most that a Secret holds.
    /// </summary>
    public const int MaxLength = Mebibyte;

    private const int Mebibyte = 1024 * 1024;
    private const int PieceLength = 32 * 1024;

    // O_NONBLOCK and O_CLOEXEC of Linux, on x64 and Arm64.
    private const int WithoutWaiting = 0x800 | 0x80000;

    /// <summary>All of a file; of a pipe, once its writer has closed it.</summary>
    /// <exception cref="IOException">It can't be read, or is too long.</exception>
    public static byte[] ReadBytes(string file, int maxLength)
    {
        using var stream = File.OpenRead(file);
        return ReadBytes(stream, file, maxLength);
    }

    /// <summary>All of a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">How messages call it.</param>
    /// <param name="maxLength">The most that it may hold, in bytes.</param>
    /// <exception cref="IOException">It can't be read, or is too long.</exception>
    public static byte[] ReadBytes(Stream stream, string name, int maxLength)
    {
        var content = Begin(stream, maxLength);
        return content.Length <= maxLength ? content : throw new IOException($"{name} is longer than {maxLength / Mebibyte} MiB");
    }

    /// <summary>All of a text file of at most <see cref="MaxLength"/>.</summary>
    /// <inheritdoc cref="ReadBytes(string, int)"/>
    public static string ReadText(string file) => Text(ReadBytes(file, MaxLength));

    /// <summary>The same, for a server that reads the file again and again: it never waits. A pipe without a writer is empty.
    /// </summary>
    /// <inheritdoc cref="ReadBytes(string, int)"/>
    public static string ReadTextNow(string file)
    {
        using var stream = OpenNow(file);
        return Text(ReadBytes(stream, file, MaxLength));
    }

    /// <summary>A stream's bytes, but no more than it takes to see that it is longer than a length.</summary>
    public static byte[] Begin(Stream stream, int length)
    {
        // In small pieces: files are read every second, by any thread, and each would keep a buffer for the longest file.
        using var content = new MemoryStream();
        var piece = new byte[PieceLength];
        while (content.Length <= length && stream.Read(piece) is > 0 and var count)
        {
            content.Write(piece, 0, (int)Math.Min(count, length + 1L - content.Length));
        }

        return content.ToArray();
    }

    /// <summary>Opens a file. What reads it never waits.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    public static FileStream OpenNow(string file)
    {
        if (OperatingSystem.IsLinux() && Open(Encoding.UTF8.GetBytes(file + '\0'), WithoutWaiting) is >= 0 and var number)
        {
            var handle = new SafeFileHandle(number, ownsHandle: true);
            return new(handle, FileAccess.Read, bufferSize: 0, handle.IsAsync);
        }

        // What can't be opened gives its own exception here.
        return File.OpenRead(file);
    }

    private static string Text(byte[] content)
    {
        using var reader = new StreamReader(new MemoryStream(content));
        return reader.ReadToEnd();
    }

#pragma warning disable SYSLIB1054 // The generator would need unsafe code for a path and a number.
    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);
#pragma warning restore SYSLIB1054
}
