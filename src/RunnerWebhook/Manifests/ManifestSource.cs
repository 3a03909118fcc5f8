using System.IO.Enumeration;
using System.Text;

namespace RunnerWebhook.Manifests;

/// <summary>One text with manifests, and the name by which messages call it.</summary>
/// <param name="Name">The file's path, or <c>-</c> for standard input.</param>
/// <param name="Text">The content, byte order mark included.</param>
/// <param name="Encoding">Its encoding; null for UTF-8.</param>
internal sealed record ManifestSource(string Name, string Text, Encoding? Encoding = null)
{
    // In bytes. All of the manifests of a large cluster are shorter.
    private const int MaxLength = 128 * 1024 * 1024;
    private const string StandardInput = "-";

    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Finds files, folders and standard input, in the order given; a folder's files by name. Each is read when it is
    /// asked for, and fails with an <see cref="IOException"/> if it can't be read or is no text.</summary>
    /// <exception cref="IOException">A folder can't be read, or holds no manifest.</exception>
    public static IEnumerable<Func<ManifestSource>> Find(IEnumerable<string> paths, bool recursive, Stream input)
    {
        var standardInput = new Lazy<ManifestSource>(
            () => Decode(StandardInput, InputFile.ReadBytes(input, "standard input", MaxLength)));
        return paths.SelectMany(path => Directory.Exists(path) ? Files(path, recursive) : [path])
            .Select(path => path == StandardInput ? () => standardInput.Value
                : (Func<ManifestSource>)(() => Decode(path, InputFile.ReadBytes(path, MaxLength))));
    }

    private static string[] Files(string folder, bool recursive)
    {
        var found = new FileSystemEnumerable<string>(folder, (ref entry) => entry.ToSpecifiedFullPath(),
            new() { RecurseSubdirectories = recursive, IgnoreInaccessible = false, AttributesToSkip = 0 })
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory
                && Extensions.Contains(Path.GetExtension(entry.FileName).ToString(), StringComparer.Ordinal),
            // As kubectl does: a link to a folder could lead back to it.
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        var files = found.Order(StringComparer.Ordinal).ToArray();
        var hint = recursive ? "" : " (its subfolders are read with -R)";
        return files.Length > 0
            ? files
            : throw new IOException($"folder '{folder}' holds no {string.Join(", ", Extensions)} file{hint}");
    }

    private static ManifestSource Decode(string name, byte[] content)
    {
        Encoding? utf16 = content switch
        {
            [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
            [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
            _ => null,
        };
        try
        {
            return new(name, (utf16 ?? StrictUtf8).GetString(content), utf16);
        }
        catch (DecoderFallbackException e)
        {
            throw new IOException($"'{name}' is not valid {(utf16 is null ? "UTF-8" : "UTF-16")} (byte {e.Index})", e);
        }
    }
}
