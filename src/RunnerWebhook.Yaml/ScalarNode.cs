
namespace RunnerWebhook.Yaml;

/// <summary>A scalar.</summary>
internal sealed class ScalarNode : YamlNode
{
    /// <summary>How it is written.</summary>
    public required ScalarStyle Style { get; init; }

    /// <summary>What it means.</summary>
    public required ScalarValue Value { get; init; }

    /// <summary>Whether nothing is written, as in <c>key:</c>.</summary>
    public bool IsEmpty => ContentStart == End;

    /// <summary>Whether it has a tag or an anchor.</summary>
    public bool HasProperties => ContentStart > Start;

    /// <summary>Whether it is a literal or folded block.</summary>
    public bool IsBlock => Style is ScalarStyle.Literal or ScalarStyle.Folded;
}
