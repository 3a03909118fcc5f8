namespace RunnerWebhook.Fuzz;

/// <summary>An input for which the product breaks a promise.</summary>
public sealed class BrokenPromiseException(string message) : Exception(message);
