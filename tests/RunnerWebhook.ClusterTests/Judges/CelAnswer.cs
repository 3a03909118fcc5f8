namespace RunnerWebhook.ClusterTests.Judges;

/// <summary>What an expression comes to.</summary>
/// <param name="Value">Its value, where there is no error.</param>
/// <param name="Cost">What it cost, in the API server's units: it gives up at 1,000,000.</param>
/// <param name="Error">Why it has no value; empty where it has.</param>
public sealed record CelAnswer(bool Value, long Cost, string Error);
