namespace RunnerWebhook.Yaml;

/// <summary>How new text is written, to look like the text around it.</summary>
internal sealed record YamlStyle
{
    /// <summary>The line break.</summary>
    public string Newline { get; init; } = "\n";

    /// <summary>How many columns a mapping is indented in its parent mapping.</summary>
    public int MappingStep { get; init; } = 2;

    /// <summary>How many columns the hyphens of a list are indented from its key.</summary>
    public int SequenceOffset { get; init; } = 2;

    /// <summary>Whether keys and strings in flow collections are written as JSON.</summary>
    public bool IsJson { get; init; }

    /// <summary>What is between two entries of a flow collection on one line.</summary>
    public string Separator { get; init; } = ", ";

    /// <summary>What is between key and value in a flow collection.</summary>
    public string Colon { get; init; } = ": ";

    /// <summary>One level of indentation in flow collections of several lines.</summary>
    public string FlowUnit { get; init; } = "  ";
}
