using System.Buffers;
using System.Text.Json;

namespace RunnerWebhook.Yaml;

/// <summary>
/// Writes a document as JSON: aliases and merge keys become copies. What they copy is bounded, since a few lines of
/// aliases can expand to billions of nodes.
/// </summary>
internal sealed class JsonExpansion
{
    /// <summary>The most nodes that aliases and merge keys of a document may add.</summary>
    public const int MaxCopiedNodes = 100_000;

    /// <summary>The most characters that aliases and merge keys of a document may add.</summary>
    public const int MaxCopiedText = 10_000_000;

    private readonly Utf8JsonWriter _writer;
    private int _copiedNodes;
    private int _copiedText;
    private (int Offset, string Message)? _problem;

    private JsonExpansion(Utf8JsonWriter writer) => _writer = writer;

    /// <summary>The JSON of a node, or what is wrong with it.</summary>
    public static JsonElement Expand(YamlNode root, out (int Offset, string Message)? problem)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        var expansion = new JsonExpansion(writer);
        var isComplete = expansion.TryWrite(root, isCopy: false, 1);
        problem = expansion._problem;
        writer.Flush();
        return isComplete
            ? JsonElement.Parse(buffer.WrittenSpan, new JsonDocumentOptions { MaxDepth = YamlComposer.MaxDepth + 1 })
            : default;
    }

    private bool TryWrite(YamlNode node, bool isCopy, int depth)
    {
        if (depth > YamlComposer.MaxDepth)
        {
            return Fail(node, $"more than {YamlComposer.MaxDepth} levels of nesting");
        }

        if (isCopy && !TryCount(node))
        {
            return false;
        }

        return node switch
        {
            AliasNode alias => TryWrite(alias.Target, isCopy: true, depth),
            MappingNode mapping => TryWriteObject(mapping, isCopy, depth),
            SequenceNode sequence => TryWriteArray(sequence, isCopy, depth),
            ScalarNode scalar => WriteScalar(scalar.Value),
            _ => true,
        };
    }

    private bool TryCount(YamlNode node)
    {
        _copiedNodes++;
        _copiedText += node is ScalarNode scalar ? Math.Min(scalar.Value.Text.Length, MaxCopiedText) : 0;
        return (_copiedNodes <= MaxCopiedNodes && _copiedText <= MaxCopiedText)
            || Fail(node, $"the aliases of this document expand to more than {MaxCopiedNodes} values");
    }

    private bool WriteScalar(ScalarValue value)
    {
        switch (value.Kind)
        {
            case ScalarKind.Text:
                _writer.WriteStringValue(value.Text);
                break;
            case ScalarKind.True or ScalarKind.False:
                _writer.WriteBooleanValue(value.Kind == ScalarKind.True);
                break;
            case ScalarKind.Integer or ScalarKind.Float:
                _writer.WriteRawValue(value.Text, skipInputValidation: true);
                break;
            default:
                _writer.WriteNullValue();
                break;
        }

        return true;
    }

    private bool TryWriteArray(SequenceNode sequence, bool isCopy, int depth)
    {
        _writer.WriteStartArray();
        foreach (var item in sequence.Items)
        {
            if (!TryWrite(item, isCopy, depth + 1))
            {
                return false;
            }
        }

        _writer.WriteEndArray();
        return true;
    }

    private bool TryWriteObject(MappingNode mapping, bool isCopy, int depth)
    {
        var members = new OrderedDictionary<string, (YamlNode Value, bool IsCopy)>(mapping.Pairs.Count);
        if (!TryCollect(mapping, members, isCopy, depth))
        {
            return false;
        }

        _writer.WriteStartObject();
        foreach (var (name, member) in members)
        {
            _writer.WritePropertyName(name);
            if (!TryWrite(member.Value, member.IsCopy, depth + 1))
            {
                return false;
            }
        }

        _writer.WriteEndObject();
        return true;
    }

    // As kubectl does it, a merge key replaces what is above it in the same mapping, too.
    private bool TryCollect(
        MappingNode mapping, OrderedDictionary<string, (YamlNode Value, bool IsCopy)> members, bool isCopy, int depth)
    {
        foreach (var pair in mapping.Pairs)
        {
            if (pair.IsMerge)
            {
                if (!TryMerge(pair.Value, members, depth))
                {
                    return false;
                }
            }
            else if (isCopy && !TryCount(pair.Key))
            {
                return false;
            }
            else
            {
                members[pair.Name] = (pair.Value, isCopy);
            }
        }

        return true;
    }

    private bool TryMerge(
        YamlNode value, OrderedDictionary<string, (YamlNode Value, bool IsCopy)> members, int depth)
    {
        var sources = MergeSource.Of(value);
        if (sources is null || depth > YamlComposer.MaxDepth)
        {
            return Fail(value, "the merge key '<<' takes a mapping or a list of mappings");
        }

        foreach (var source in sources)
        {
            if (!TryCount(source) || !TryCollect(source, members, isCopy: true, depth + 1))
            {
                return false;
            }
        }

        return true;
    }

    private bool Fail(YamlNode node, string message)
    {
        _problem ??= (node.Start, message);
        return false;
    }
}
