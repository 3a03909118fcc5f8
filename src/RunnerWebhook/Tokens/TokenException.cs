namespace RunnerWebhook.Tokens;

/// <summary>A token can't be created or kept. The message says why and what to do; it never holds a token.</summary>
internal sealed class TokenException(string message) : Exception(message);
