namespace RunnerWebhook.RunnerStandIn;

/// <summary>Ends the program with a message.</summary>
internal class FatalException(string message, int exitCode = 1) : Exception("FATAL: " + message)
{
    public int ExitCode { get; } = exitCode;
}
