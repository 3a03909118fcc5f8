using System.Runtime.InteropServices;

namespace RunnerWebhook.Serve;

/// <summary>The memory that OpenSSL allocates. The C library has an arena of it for each thread, up to eight times the number of
/// processors: what is freed in one is not used in another, and all grow for hours.</summary>
internal static class NativeHeap
{
    // M_ARENA_MAX (source: mallopt(3)).
    private const int ArenaMax = -8;

    // One for each of the processors that the limit of a container leaves as a rule.
    private const int Arenas = 2;

    /// <summary>Keeps all of it in two arenas.</summary>
    /// <returns>Whether the C library has done so: only that of GNU can.</returns>
    public static bool Bound()
    {
        try
        {
            return OperatingSystem.IsLinux() && SetOption(ArenaMax, Arenas) == 1;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

#pragma warning disable SYSLIB1054 // The generator would need unsafe code for two numbers.
    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetOption(int option, int value);
#pragma warning restore SYSLIB1054
}
