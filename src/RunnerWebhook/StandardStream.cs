namespace RunnerWebhook;

/// <summary>Which of the standard streams the caller has opened. The runtime's own files get the numbers of closed ones, and
/// would be read as input, or be written to.</summary>
internal static class StandardStream
{
    // O_CLOEXEC of Linux: a file that has it was opened by this process, and not handed to it.
    private const int ClosedOnExec = 0x80000;
    private const string Files = "/proc/self/fdinfo";

    public static bool IsInputOpen => IsOpen(0);

    public static bool IsOutputOpen => IsOpen(1);

    public static bool IsErrorOpen => IsOpen(2);

    private static bool IsOpen(int number)
    {
        try
        {
            var flags = File.ReadLines($"{Files}/{number}").First(line => line.StartsWith("flags:", StringComparison.Ordinal));
            return (Convert.ToInt32(flags.Split('\t')[1], 8) & ClosedOnExec) == 0;
        }
        catch (IOException)
        {
            // There is no such file, or no such folder, as on macOS and Windows.
            return !Directory.Exists(Files);
        }
    }
}
