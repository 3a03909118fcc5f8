namespace RunnerWebhook.Yaml;

/// <summary>A sequence.</summary>
internal sealed class SequenceNode : YamlNode
{
    /// <summary>Whether it is written in flow style.</summary>
    public required bool IsFlow { get; init; }

    /// <summary>The items.</summary>
    public List<YamlNode> Items { get; } = [];

    /// <summary>The places of the hyphens of a block sequence, one for each item.</summary>
    public List<int> Dashes { get; } = [];
}
