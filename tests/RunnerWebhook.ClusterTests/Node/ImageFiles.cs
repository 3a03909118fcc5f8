using System.Formats.Tar;
using System.Text.RegularExpressions;
using RunnerWebhook.ClusterTests.ControlPlane;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>What an image holds, taken from this machine's own files: a root file system from nothing.</summary>
public sealed partial class ImageFiles
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly SortedDictionary<string, TarEntry> _entries = new(StringComparer.Ordinal);

    public ImageFiles()
    {
        AddFolder("/tmp", Executable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit);
        AddText("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnonroot:x:65532:65532:nonroot:/home/nonroot:/bin/sh\n");
        AddText("/etc/group", "root:x:0:\nnonroot:x:65532:\n");
    }

    /// <summary>Adds a folder.</summary>
    public ImageFiles AddFolder(string path, UnixFileMode mode = Executable)
    {
        AddParents(path);
        _entries[path] = new PaxTarEntry(TarEntryType.Directory, "." + path) { Mode = mode };
        return this;
    }

    /// <summary>Adds a file of this machine.</summary>
    /// <param name="path">Where it lies in the image.</param>
    /// <param name="source">Where it lies here; its mode is kept.</param>
    public ImageFiles AddFile(string path, string source)
    {
        AddParents(path);
        _entries[path] = new PaxTarEntry(TarEntryType.RegularFile, "." + path)
        {
            Mode = File.GetUnixFileMode(source),
            DataStream = new MemoryStream(File.ReadAllBytes(source)),
        };
        return this;
    }

    /// <summary>Adds a text file.</summary>
    public ImageFiles AddText(string path, string text, bool executable = false)
    {
        AddParents(path);
        _entries[path] = new PaxTarEntry(TarEntryType.RegularFile, "." + path)
        {
            Mode = executable ? Executable : Readable,
            DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)),
        };
        return this;
    }

    /// <summary>Adds a symbolic link.</summary>
    public ImageFiles AddLink(string path, string target)
    {
        AddParents(path);
        _entries[path] = new PaxTarEntry(TarEntryType.SymbolicLink, "." + path) { LinkName = target };
        return this;
    }

    /// <summary>Adds a program or a shared library with all that it is linked with.</summary>
    /// <param name="path">Where it lies in the image.</param>
    /// <param name="source">Where it lies here.</param>
    public async Task<ImageFiles> AddProgram(string path, string source)
    {
        AddFile(path, source);
        var linked = await new Command("ldd").Run("", source);
        foreach (Match library in Library().Matches(linked.Output))
        {
            AddFile(library.Groups["path"].Value, library.Groups["path"].Value);
        }

        return this;
    }

    /// <summary>Adds programs that are on this machine's PATH, at the places they have here.</summary>
    /// <exception cref="InvalidOperationException">One isn't there.</exception>
    public async Task<ImageFiles> AddPrograms(params string[] names)
    {
        foreach (var name in names)
        {
            var source = Find(name);
            await AddProgram(source, source);
        }

        return this;
    }

    /// <summary>Adds shared libraries that programs load by name, at the places they have here.</summary>
    public async Task<ImageFiles> AddLibraries(params string[] names)
    {
        var known = (await new Command("/sbin/ldconfig").Run("", "-p")).Ensure().Output.Split('\n');
        foreach (var name in names)
        {
            var path = known.First(line => line.Trim().StartsWith(name + " ", StringComparison.Ordinal)).Split("=> ")[1].Trim();
            await AddProgram(path, path);
        }

        return this;
    }

    /// <summary>Adds busybox and a link for each of the programs that it can be.</summary>
    public async Task<ImageFiles> AddBusybox()
    {
        AddFile("/bin/busybox", "/bin/busybox");
        foreach (var path in (await new Command("/bin/busybox").Run("", "--list-full")).Ensure().Output.Split('\n'))
        {
            if (path.Length > 0 && path != "bin/busybox" && !_entries.ContainsKey("/" + path))
            {
                AddLink("/" + path, "/bin/busybox");
            }
        }

        return this;
    }

    /// <summary>Writes a tar archive. Equal files make an equal archive.</summary>
    internal void Write(string archive)
    {
        using var file = File.Create(archive);
        using var tar = new TarWriter(file, TarEntryFormat.Pax);
        foreach (var entry in _entries.Values)
        {
            entry.ModificationTime = DateTimeOffset.UnixEpoch;
            if (entry.DataStream is { } data)
            {
                data.Position = 0;
            }

            tar.WriteEntry(entry);
        }
    }

    private static string Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':')
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"{name} is not on the PATH");

    private void AddParents(string path)
    {
        for (var parent = Path.GetDirectoryName(path); parent is { Length: > 1 }; parent = Path.GetDirectoryName(parent))
        {
            _entries.TryAdd(parent, new PaxTarEntry(TarEntryType.Directory, "." + parent) { Mode = Executable });
        }
    }

    [GeneratedRegex(@"(?<path>/\S+) \(0x[0-9a-f]+\)")]
    private static partial Regex Library();
}
