namespace RunnerWebhook.Cli;

/// <summary>Ends a <c>token</c> command with a sentence.</summary>
internal sealed class TokenException(int exitCode, string message) : Exception(message)
{
    /// <summary>See <see cref="Cli.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The command was called wrongly.</summary>
    public static TokenException Usage(string message) => new(Cli.ExitCode.Usage, message);

    /// <summary>It can't be done.</summary>
    public static TokenException Failed(string message) => new(Cli.ExitCode.Failed, message);
}
