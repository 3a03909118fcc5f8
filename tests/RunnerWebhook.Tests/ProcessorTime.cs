using System.Runtime.InteropServices;

namespace RunnerWebhook.Tests;

/// <summary>How long the processor works for a piece of code. Unlike a clock it does not count what others do at the same time, so
/// that a bound holds on a busy machine.</summary>
internal static class ProcessorTime
{
    private const int ThreadClock = 3;

    /// <summary>The time that this thread takes for an action.</summary>
    public static TimeSpan Of(Action action)
    {
        var before = Now();
        action();
        return Now() - before;
    }

    private static TimeSpan Now() => clock_gettime(ThreadClock, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
        : throw new InvalidOperationException("the system does not measure threads");

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_gettime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
