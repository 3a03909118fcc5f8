using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Yaml;

/// <summary>What is wrong with a YAML text, and where.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Column">The column in UTF-16 code units, counted from 1.</param>
/// <param name="Message">What is wrong, as part of a sentence.</param>
internal sealed record YamlError(int Line, int Column, string Message)
{
    /// <summary>What is wrong, in one line.</summary>
    public string Message { get; } = OneLine.Of(Message);
}
