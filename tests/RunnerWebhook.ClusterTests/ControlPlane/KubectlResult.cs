namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>What kubectl did.</summary>
public sealed record KubectlResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>This result, where kubectl succeeded.</summary>
    public KubectlResult Ensure() => ExitCode == 0
        ? this
        : throw new InvalidOperationException($"{Command}\nexit code {ExitCode}\n{Output}\n{Error}");
}
