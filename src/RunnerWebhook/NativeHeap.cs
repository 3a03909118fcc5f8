using System.Runtime.InteropServices;

namespace RunnerWebhook;

/// <summary>The memory that OpenSSL allocates. The C library has an arena of it for each thread, up to eight times the number of
/// processors, and what is freed in one is not used in another.</summary>
internal static class NativeHeap
{
    // M_ARENA_MAX (source: mallopt(3)).
    private const int ArenaMax = -8;

    // One for each of the processors that the limit of a container leaves as a rule.
    private const int Arenas = 2;

    /// <summary>Keeps all of it in two arenas.</summary>
    public static void Bound() => Call(() => SetOption(ArenaMax, Arenas));

    /// <summary>Gives unused pages back: those between memory in use are otherwise kept.</summary>
    public static void Trim() => Call(() => TrimAll(0));

    private static void Call(Func<int> function)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                _ = function();
            }
            catch (EntryPointNotFoundException)
            {
                // Another C library than GNU's: it has neither.
            }
        }
    }

#pragma warning disable SYSLIB1054 // The generator would need unsafe code for numbers.
    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetOption(int option, int value);

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int TrimAll(nuint left);
#pragma warning restore SYSLIB1054
}
