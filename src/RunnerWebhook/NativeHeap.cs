using System.Runtime.InteropServices;

namespace RunnerWebhook.Serve;

/// <summary>The memory that OpenSSL allocates. The C library has an arena of it for each thread, up to eight times the number of
/// processors, and what is freed in one is not used in another.</summary>
internal static class NativeHeap
{
    // M_ARENA_MAX (source: mallopt(3)).
    private const int ArenaMax = -8;

    // One for each of the processors that the limit of a container leaves as a rule.
    private const int Arenas = 2;

    /// <summary>Keeps all of it in two arenas.</summary>
    public static void Bound()
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                _ = SetOption(ArenaMax, Arenas);
            }
            catch (EntryPointNotFoundException)
            {
                // Another C library than GNU's: it has no arenas.
            }
        }
    }

#pragma warning disable SYSLIB1054 // The generator would need unsafe code for two numbers.
    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetOption(int option, int value);
#pragma warning restore SYSLIB1054
}
