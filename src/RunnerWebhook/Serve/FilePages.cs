using System.Globalization;
using System.Runtime.InteropServices;

namespace RunnerWebhook.Serve;

/// <summary>The pages of the program and its libraries that have been read so far. Most of them, as those of the start, serve
/// nothing later, but count as the process' memory. Once given back, the few that are needed again come from the page cache.
/// </summary>
internal static class FilePages
{
    // MADV_DONTNEED: the next access reads the file again.
    private const int DontNeed = 4;

    /// <summary>Gives them back.</summary>
    /// <param name="mappings">Where the system lists them.</param>
    /// <returns>Their size in bytes; 0 if the system does not list them.</returns>
    public static long GiveBack(string mappings = "/proc/self/smaps")
    {
        try
        {
            return Unwritten(File.ReadAllLines(mappings))
                .Sum(found => Advise(found.Start, found.Length, DontNeed) == 0 ? found.Resident : 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>The mappings of programs and libraries that can't be written to, and have no page that differs from the file.
    /// Mappings of other files may be gone by the time that this is used, and others be in their place.</summary>
    /// <param name="lines">The lines of <c>/proc/self/smaps</c> (source: proc(5)).</param>
    internal static IEnumerable<(nint Start, nuint Length, long Resident)> Unwritten(IEnumerable<string> lines)
    {
        string[][] all = [.. lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        var withCode = all.Where(words => words is [_, [_, _, 'x', 'p'], _, _, _, ['/', ..], ..])
            .Select(words => words[5]).ToHashSet();
        string? range = null;
        var resident = 0L;
        foreach (var words in all)
        {
            switch (words)
            {
                case [var addresses, ['r', '-', _, 'p'], _, _, _, ['/', ..] file, ..] when withCode.Contains(file):
                    range = addresses;
                    break;
                case [_, [_, _, _, 'p' or 's'], _, _, _, ..]:
                    range = null;
                    break;
                case ["Rss:", var kilobytes, ..]:
                    resident = 1024 * long.Parse(kilobytes, CultureInfo.InvariantCulture);
                    break;
                case ["Anonymous:", "0", ..] when range is not null:
                    var (start, end) = (range.Split('-')[0], range.Split('-')[1]);
                    yield return (Address(start), (nuint)(Address(end) - Address(start)), resident);
                    break;
            }
        }
    }

    private static nint Address(string digits) => nint.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

#pragma warning disable SYSLIB1054 // The generator would need unsafe code for three numbers.
    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(nint address, nuint length, int advice);
#pragma warning restore SYSLIB1054
}
