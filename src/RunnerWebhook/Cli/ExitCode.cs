namespace RunnerWebhook.Cli;

/// <summary>What a command tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>All is well.</summary>
    public const int Fine = 0;

    /// <summary>An object could not be injected, or a check failed.</summary>
    public const int Failed = 1;

    /// <summary>The command was called wrongly: an option, or a file that can't be read.</summary>
    public const int Usage = 2;
}
