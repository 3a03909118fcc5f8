namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>What a program did.</summary>
public sealed record CommandResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>This result, where the program succeeded.</summary>
    public CommandResult Ensure() => ExitCode == 0
        ? this
        : throw new InvalidOperationException($"{Command}\nexit code {ExitCode}\n{Output}\n{Error}");
}
