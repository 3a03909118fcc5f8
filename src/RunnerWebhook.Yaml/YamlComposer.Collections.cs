namespace RunnerWebhook.Yaml;

/// <summary>Reads mappings and sequences.</summary>
internal sealed partial class YamlComposer
{
    private SequenceNode ReadBlockSequence(int depth, int start, string? anchor)
    {
        var node = Open(new SequenceNode { Start = start, ContentStart = _tokens.Take().Start, Anchor = anchor, IsFlow = false });
        while (!TryTake(TokenKind.BlockEnd, out _))
        {
            if (!TryTake(TokenKind.BlockEntry, out var dash))
            {
                throw new YamlSyntaxException(_tokens.Peek().Start, "a '-' is missing, or the indentation is wrong");
            }

            AddItem(node, dash, NextIs(TokenKind.BlockEntry, TokenKind.BlockEnd), depth);
        }

        return Close(node);
    }

    // The hyphens are in the column of the key above.
    private SequenceNode ReadIndentless(int depth, int start, string? anchor)
    {
        var node = Open(new SequenceNode { Start = start, ContentStart = _tokens.Peek().Start, Anchor = anchor, IsFlow = false });
        while (TryTake(TokenKind.BlockEntry, out var dash))
        {
            AddItem(node, dash, NextIs(TokenKind.BlockEntry, TokenKind.Key, TokenKind.Value, TokenKind.BlockEnd), depth);
        }

        return Close(node);
    }

    private void AddItem(SequenceNode node, Token dash, bool isEmpty, int depth)
    {
        node.Dashes.Add(dash.Start);
        node.Items.Add(isEmpty ? Empty(dash.End) : ReadNode(depth + 1, isBlock: true, allowsIndentless: false));
    }

    private SequenceNode ReadFlowSequence(int depth, int start, string? anchor)
    {
        var node = Open(new SequenceNode { Start = start, ContentStart = _tokens.Take().Start, Anchor = anchor, IsFlow = true });
        Token end;
        while (!TryTake(TokenKind.FlowSequenceEnd, out end))
        {
            if (node.Items.Count > 0 && !TryTake(TokenKind.FlowEntry, out _))
            {
                throw new YamlSyntaxException(_tokens.Peek().Start, "a ',' or ']' is missing");
            }

            if (NextIs(TokenKind.Key))
            {
                node.Items.Add(ReadBare(depth + 1));
            }
            else if (!NextIs(TokenKind.FlowSequenceEnd))
            {
                node.Items.Add(ReadNode(depth + 1, isBlock: false, allowsIndentless: false));
            }
        }

        return Close(node, end.End);
    }

    // One pair without braces, as in [a: b].
    private MappingNode ReadBare(int depth)
    {
        var start = _tokens.Peek().Start;
        var node = Open(new MappingNode { Start = start, ContentStart = start, IsFlow = true, IsBare = true });
        ReadPair(node, new(StringComparer.Ordinal), depth, TokenKind.FlowEntry, TokenKind.FlowSequenceEnd);
        return Close(node);
    }

    private MappingNode ReadFlowMapping(int depth, int start, string? anchor)
    {
        var node = Open(new MappingNode { Start = start, ContentStart = _tokens.Take().Start, Anchor = anchor, IsFlow = true });
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        Token end;
        while (!TryTake(TokenKind.FlowMappingEnd, out end))
        {
            if (node.Pairs.Count > 0 && !TryTake(TokenKind.FlowEntry, out _))
            {
                throw new YamlSyntaxException(_tokens.Peek().Start, "a ',' or '}' is missing");
            }

            if (!NextIs(TokenKind.FlowMappingEnd))
            {
                ReadPair(node, names, depth, TokenKind.FlowEntry, TokenKind.FlowMappingEnd);
            }
        }

        return Close(node, end.End);
    }

    private MappingNode ReadBlockMapping(int depth, int start, string? anchor)
    {
        var node = Open(new MappingNode { Start = start, ContentStart = _tokens.Take().Start, Anchor = anchor, IsFlow = false });
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!TryTake(TokenKind.BlockEnd, out _))
        {
            if (!NextIs(TokenKind.Key))
            {
                throw new YamlSyntaxException(_tokens.Peek().Start, "a key is missing, or the indentation is wrong");
            }

            ReadPair(node, names, depth, TokenKind.Key, TokenKind.BlockEnd);
        }

        return Close(node);
    }

    // The token that ends or separates the entries implies a value that is not written.
    private void ReadPair(MappingNode mapping, Dictionary<string, int> names, int depth, TokenKind parts, TokenKind ends)
    {
        var isBlock = !mapping.IsFlow;
        var isMarked = TryTake(TokenKind.Key, out var mark);
        var key = isMarked && NextIs(TokenKind.Value, parts, ends) ? Empty(mark.End)
            : NextIs(TokenKind.Scalar) ? ReadScalar(_tokens.Peek(), _tokens.Take().Start, null, null)
            : KeyOf(ReadNode(depth + 1, isBlock, isBlock));
        if (key.Value.Kind == ScalarKind.Null)
        {
            _findings.Add(key.Start, "null is not allowed as a key; write \"null\" or the name that is missing");
        }

        var isMerge = key is { Style: ScalarStyle.Plain, Value: { Kind: ScalarKind.Text, Text: "<<" } };
        var name = KeyName.Of(key.Value);
        if (!isMerge && !names.TryAdd(name, key.Start))
        {
            _findings.AddRepeated(name, names[name], key.Start);
            names[name] = key.Start;
        }

        var hasColon = TryTake(TokenKind.Value, out var colon);
        YamlNode value = !hasColon ? Empty(key.End)
            : NextIs(TokenKind.Value, parts, ends) ? Empty(colon.End)
            : ReadNode(depth + 1, isBlock, isBlock);
        mapping.Pairs.Add(new(key, name, hasColon ? colon.Start : -1, value, isMerge, isMarked && mark.End > mark.Start));
    }

    private static ScalarNode KeyOf(YamlNode node) => node switch
    {
        ScalarNode scalar => scalar,
        AliasNode { Target: ScalarNode target } alias => new()
        {
            Start = alias.Start,
            ContentStart = alias.Start,
            End = alias.End,
            Style = target.Style,
            Value = target.Value,
        },
        _ => throw new YamlSyntaxException(node.Start, "a key must be a plain text; a list or a mapping is none"),
    };

    private T Open<T>(T node)
        where T : YamlNode
    {
        _open.Add(node);
        return Register(node);
    }

    private SequenceNode Close(SequenceNode node, int? bracketEnd = null)
    {
        _open.Remove(node);
        node.End = bracketEnd ?? Math.Max(node.Dashes[^1] + 1, node.Items[^1].End);
        return node;
    }

    // Without brackets, a mapping reaches from its first key to its last value.
    private MappingNode Close(MappingNode node, int? bracketEnd = null)
    {
        _open.Remove(node);
        node.End = bracketEnd ?? (node.Pairs.Count > 0 ? node.Pairs[^1].End : node.ContentStart);
        return node;
    }
}
