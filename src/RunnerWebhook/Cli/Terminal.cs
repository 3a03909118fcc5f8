namespace RunnerWebhook.Cli;

/// <summary>Where a command reads from and writes to.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output: the result and nothing else.</param>
/// <param name="Error">Standard error: what people read.</param>
internal sealed record Terminal(Stream Input, TextWriter Output, TextWriter Error)
{
    /// <summary>Asks a person and returns the answer, which is not shown where the second argument says so; null where
    /// nobody is there to ask.</summary>
    public Func<string, bool, string>? Ask { get; init; }

    /// <summary>The environment's variables.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Tells people something, on standard error.</summary>
    public void Tell(string message) => Error.WriteLine($"runner-webhook: {message}");
}
