namespace RunnerWebhook.RunnerStandIn;

/// <summary>Keeps the arguments of each call for tests: in the file that $STANDIN_ARGUMENTS names, each ended by NUL, each
/// call ended by a further NUL.</summary>
internal static class Recording
{
    public static void Keep(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable("STANDIN_ARGUMENTS") is { Length: > 0 } file)
        {
            File.AppendAllText(file, string.Concat(arguments.Select(argument => argument + "\0")) + "\0");
        }
    }
}
