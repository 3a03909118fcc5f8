using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace RunnerWebhook.Tests;

/// <summary>A folder that changes as kubelet changes a mounted Secret: files are links into <c>..data</c>, which is
/// swapped by one rename.</summary>
internal sealed class MountedFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("runner-webhook-mount").FullName;
    private int _version;

    public string PathOf(string file) => Path.Combine(_root, file);

    /// <summary>Swaps in these files and no others; perhaps with an empty folder.</summary>
    public void Swap(Dictionary<string, string> files, string? folder = null) =>
        SwapBytes(files.ToDictionary(file => file.Key, file => Encoding.UTF8.GetBytes(file.Value)), folder);

    /// <inheritdoc cref="Swap(Dictionary{string, string}, string?)"/>
    public void SwapBytes(Dictionary<string, byte[]> files, string? folder = null)
    {
        var before = _version == 0 ? null : PathOf(VersionName());
        _version++;
        Directory.CreateDirectory(PathOf(VersionName()));
        foreach (var (name, content) in files)
        {
            File.WriteAllBytes(Path.Combine(PathOf(VersionName()), name), content);
            // A link of a file that was gone for a while leads nowhere, and is there.
            if (new FileInfo(PathOf(name)).LinkTarget is null)
            {
                File.CreateSymbolicLink(PathOf(name), Path.Combine("..data", name));
            }
        }

        if (folder is not null)
        {
            Directory.CreateDirectory(Path.Combine(PathOf(VersionName()), folder));
        }

        var next = PathOf("..data_tmp");
        File.CreateSymbolicLink(next, VersionName());
        Assert.Equal(0, rename(next, PathOf("..data")));
        if (before is not null)
        {
            Directory.Delete(before, recursive: true);
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    // File.Move follows the links; kubelet renames the link itself.
    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int rename(string from, string to);

    private string VersionName() => "..version_" + _version.ToString(CultureInfo.InvariantCulture);
}
