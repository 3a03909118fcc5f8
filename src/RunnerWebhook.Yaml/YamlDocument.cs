using System.Globalization;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Yaml;

/// <summary>One document of a text.</summary>
internal sealed class YamlDocument
{
    private readonly LineMap _lines;
    private readonly int _base;

    /// <summary>Creates a document from what was composed.</summary>
    public YamlDocument(JsonElement json, Range part, YamlNode root, LineMap lines, int @base)
    {
        Json = json;
        Part = part;
        Root = root;
        _lines = lines;
        _base = @base;
    }

    /// <summary>The content; numbers have the text they are written with.</summary>
    public JsonElement Json { get; }

    /// <summary>Its part of the text, in whole lines.</summary>
    public Range Part { get; }

    /// <summary>The root node; its places count from where the text that was read with it starts.</summary>
    public YamlNode Root { get; }

    /// <summary>
    /// The line and column of a value, counted from 1; of its nearest existing ancestor if it is missing.
    /// </summary>
    /// <param name="pointer">The place of the value.</param>
    /// <param name="key">Whether the value's key is meant instead, if it has one.</param>
    public (int Line, int Column) PositionOf(JsonPointer pointer, bool key = false)
    {
        var node = Root;
        var start = Root.Start;
        foreach (var token in pointer.Tokens)
        {
            switch (MergeSource.Follow(node))
            {
                case MappingNode mapping when FindPair(mapping, token, 0) is { } pair:
                    start = key || pair.Value is ScalarNode { IsEmpty: true } ? pair.Key.Start : pair.Value.Start;
                    node = pair.Value;
                    break;
                case SequenceNode sequence when IndexOf(token) is { } index && index < sequence.Items.Count:
                    node = sequence.Items[index];
                    start = node is ScalarNode { IsEmpty: true } && !sequence.IsFlow
                        ? sequence.Dashes[index] : node.Start;
                    break;
                default:
                    return _lines.At(_base + start);
            }
        }

        return _lines.At(_base + start);
    }

    /// <summary>The index that a pointer's token is, or null.</summary>
    public static int? IndexOf(string token) =>
        token.Length > 0 && token.All(char.IsAsciiDigit) && (token.Length == 1 || token[0] != '0')
        && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;

    // What a merge key brings in replaces the pairs above it, and those below replace it.
    private static YamlPair? FindPair(MappingNode mapping, string name, int depth)
    {
        var own = mapping.IndexOf(name);
        for (var at = mapping.Merges.Count - 1; at >= 0 && depth < YamlComposer.MaxDepth && mapping.Merges[at] > own; at--)
        {
            var merged = MergeSource.Of(mapping.Pairs[mapping.Merges[at]].Value);
            for (var source = (merged?.Count ?? 0) - 1; source >= 0; source--)
            {
                if (FindPair(merged![source], name, depth + 1) is { } found)
                {
                    return found;
                }
            }
        }

        return own >= 0 ? mapping.Pairs[own] : null;
    }
}
