namespace RunnerWebhook.Yaml;

/// <summary>A mapping.</summary>
internal sealed class MappingNode : YamlNode
{
    /// <summary>Whether it is written in flow style.</summary>
    public required bool IsFlow { get; init; }

    /// <summary>Whether it is a flow mapping without braces, as in <c>[a: b]</c>.</summary>
    public required bool IsBare { get; init; }

    /// <summary>The pairs as written, with merge keys.</summary>
    public List<YamlPair> Pairs { get; } = [];

    /// <summary>The pair with this key as written here, not merged.</summary>
    public YamlPair? Find(string name) => Pairs.Find(pair => !pair.IsMerge && pair.Name == name);
}
