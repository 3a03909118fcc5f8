namespace RunnerWebhook.Yaml;

/// <summary>A text is not valid YAML.</summary>
/// <param name="offset">Where.</param>
/// <param name="message">What is wrong, as part of a sentence.</param>
public sealed class YamlSyntaxException(int offset, string message) : Exception(message)
{
    /// <summary>Where.</summary>
    public int Offset => offset;
}
