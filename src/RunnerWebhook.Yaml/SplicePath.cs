using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Yaml;

/// <summary>Walks to the collection that an operation changes, and stops where a change would reach further.</summary>
internal static class SplicePath
{
    /// <summary>The collection, or why it cannot be changed.</summary>
    /// <param name="root">The document.</param>
    /// <param name="path">The collection's place.</param>
    /// <param name="problem">What is wrong, where the result is null.</param>
    public static NodePlace? Find(YamlNode root, JsonPointer path, out string problem)
    {
        var place = new NodePlace(root, -1, null);
        problem = Reach(root);
        foreach (var token in path.Tokens)
        {
            if (problem.Length > 0 || Step(place, token, path, out problem) is not { } next)
            {
                return null;
            }

            place = next;
            problem = Reach(next.Node);
        }

        return problem.Length == 0 ? place : null;
    }

    /// <summary>Whether an alias outside a node refers to a part of it.</summary>
    public static bool HasAliasedPart(YamlNode node) => node.IsAliased || (node switch
    {
        MappingNode mapping => mapping.Pairs.Exists(pair => pair.Key.IsAliased || HasAliasedPart(pair.Value)),
        SequenceNode sequence => sequence.Items.Exists(HasAliasedPart),
        _ => false,
    });

    /// <summary>Whether a merge key of a mapping brings in a member.</summary>
    public static bool IsMerged(MappingNode mapping, string name) => mapping.Pairs.Exists(pair => pair.IsMerge
        && (MergeSource.Of(pair.Value)?.Exists(source => source.Find(name) is not null || IsMerged(source, name))
            ?? false));

    private static NodePlace? Step(NodePlace place, string token, JsonPointer path, out string problem)
    {
        problem = $"there is nothing at '{path}'";
        switch (place.Node)
        {
            case MappingNode mapping:
                if (IsMerged(mapping, token))
                {
                    problem = $"'{token}' comes from the merge key '<<'; write it out in this mapping instead";
                    return null;
                }

                var pair = mapping.Find(token);
                return pair is null ? null : new(pair.Value, mapping.IsFlow ? -1 : pair.Colon + 1, place);
            case SequenceNode sequence when YamlDocument.IndexOf(token) is { } at && at < sequence.Items.Count:
                return new(sequence.Items[at], sequence.IsFlow ? -1 : sequence.Dashes[at] + 1, place);
            default:
                return null;
        }
    }

    private static string Reach(YamlNode node) => node switch
    {
        AliasNode alias =>
            $"'*{alias.Target.Anchor}' refers to a value that is also used elsewhere; write the value out here instead",
        { IsAliased: true } =>
            $"a change here would also change every '*{node.Anchor}'; write those out and remove the anchor",
        _ => "",
    };
}
