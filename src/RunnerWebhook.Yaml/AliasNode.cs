namespace RunnerWebhook.Yaml;

/// <summary>An alias, as in <c>*name</c>.</summary>
internal sealed class AliasNode : YamlNode
{
    /// <summary>The node that it refers to.</summary>
    public required YamlNode Target { get; init; }
}
