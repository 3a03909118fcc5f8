namespace RunnerWebhook.Yaml;

/// <summary>How a scalar is written.</summary>
internal enum ScalarStyle
{
    /// <summary>Without quotes.</summary>
    Plain,

    /// <summary>In single quotes.</summary>
    SingleQuoted,

    /// <summary>In double quotes.</summary>
    DoubleQuoted,

    /// <summary>A block that keeps its line breaks, <c>|</c>.</summary>
    Literal,

    /// <summary>A block that folds its line breaks, <c>&gt;</c>.</summary>
    Folded,
}
