namespace RunnerWebhook.Tests.Registration;

/// <summary>What a process did.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number where one ended it.</param>
/// <param name="Output">Both its outputs.</param>
internal sealed record ProcessRun(int ExitCode, string Output);
