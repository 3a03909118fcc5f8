namespace RunnerWebhook.Yaml;

/// <summary>The tokens of YAML 1.1.</summary>
internal enum TokenKind
{
    /// <summary>The end of the text.</summary>
    StreamEnd,

    /// <summary>A line that starts with <c>%</c>.</summary>
    Directive,

    /// <summary><c>---</c></summary>
    DocumentStart,

    /// <summary><c>...</c></summary>
    DocumentEnd,

    /// <summary>A block sequence begins here.</summary>
    BlockSequenceStart,

    /// <summary>A block mapping begins here.</summary>
    BlockMappingStart,

    /// <summary>A block collection ends here.</summary>
    BlockEnd,

    /// <summary><c>[</c></summary>
    FlowSequenceStart,

    /// <summary><c>]</c></summary>
    FlowSequenceEnd,

    /// <summary><c>{</c></summary>
    FlowMappingStart,

    /// <summary><c>}</c></summary>
    FlowMappingEnd,

    /// <summary><c>-</c></summary>
    BlockEntry,

    /// <summary><c>,</c></summary>
    FlowEntry,

    /// <summary>A key follows; it has a length if it is written as <c>?</c>.</summary>
    Key,

    /// <summary><c>:</c></summary>
    Value,

    /// <summary><c>*name</c></summary>
    Alias,

    /// <summary><c>&amp;name</c></summary>
    Anchor,

    /// <summary><c>!tag</c></summary>
    Tag,

    /// <summary>A scalar.</summary>
    Scalar,
}
