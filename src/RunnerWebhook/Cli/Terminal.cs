namespace RunnerWebhook.Cli;

/// <summary>Where a command reads from and writes to.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output: the result and nothing else.</param>
/// <param name="Error">Standard error: what people read.</param>
internal sealed record Terminal(Stream Input, TextWriter Output, TextWriter Error);
