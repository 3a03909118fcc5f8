namespace RunnerWebhook.Yaml;

/// <summary>What a merge key brings in.</summary>
internal static class MergeSource
{
    /// <summary>The mappings in the order in which each replaces those before it, or null if others are.</summary>
    public static List<MappingNode>? Of(YamlNode value)
    {
        var target = Follow(value);
        if (target is MappingNode mapping)
        {
            return [mapping];
        }

        if (target is not SequenceNode sequence)
        {
            return null;
        }

        var sources = sequence.Items.Select(Follow).OfType<MappingNode>().Reverse().ToList();
        return sources.Count == sequence.Items.Count ? sources : null;
    }

    /// <summary>The node itself, or the target of an alias.</summary>
    public static YamlNode Follow(YamlNode node) => node is AliasNode alias ? alias.Target : node;
}
