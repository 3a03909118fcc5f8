namespace RunnerWebhook.Cli;

/// <summary>The exit codes of every command.</summary>
internal static class ExitCode
{
    /// <summary>Success.</summary>
    public const int Fine = 0;

    /// <summary>An object can't be injected, a check failed, or the work can't be done.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage: an option, or a file that can't be read.</summary>
    public const int Usage = 2;
}
