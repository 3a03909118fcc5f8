namespace RunnerWebhook.Yaml;

/// <summary>Builds the nodes of all documents of a text, with their places.</summary>
internal sealed partial class YamlComposer
{
    /// <summary>The deepest nesting that is read, in levels.</summary>
    public const int MaxDepth = 100;

    private const string CoreTags = "tag:yaml.org,2002:";

    private readonly TokenScanner _tokens;
    private readonly bool _isJson;
    private readonly ComposerFindings _findings;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);
    private readonly HashSet<YamlNode> _open = [];

    private YamlComposer(string text, bool isJson, ComposerFindings findings)
    {
        _tokens = new(text, isJson);
        _isJson = isJson;
        _findings = findings;
    }

    /// <summary>Composes all documents, the empty ones included.</summary>
    /// <param name="text">The text, without separator lines before it.</param>
    /// <param name="isJson">Whether it is one JSON object.</param>
    /// <param name="findings">Takes what is wrong; the documents are of no use then.</param>
    public static List<ComposedDocument> Compose(string text, bool isJson, ComposerFindings findings)
    {
        var composer = new YamlComposer(text, isJson, findings);
        var documents = new List<ComposedDocument>();
        try
        {
            while (composer.TryReadDocument(text, isFirst: documents.Count == 0) is { } document)
            {
                documents.Add(document);
            }
        }
        catch (YamlSyntaxException e)
        {
            findings.Add(e.Offset, e.Message);
        }

        return documents;
    }

    private bool NextIs(params ReadOnlySpan<TokenKind> kinds) => kinds.Contains(_tokens.Peek().Kind);

    private bool TryTake(TokenKind kind, out Token token)
    {
        token = _tokens.Peek();
        return token.Kind == kind && _tokens.Take() is var _;
    }

    private ComposedDocument? TryReadDocument(string text, bool isFirst)
    {
        _anchors.Clear();
        _tags.Clear();
        var start = _tokens.Peek().Start;
        while (TryTake(TokenKind.DocumentEnd, out _))
        {
            isFirst = true;
            start = _tokens.Peek().Start;
        }

        if (NextIs(TokenKind.StreamEnd))
        {
            return null;
        }

        var hasDirective = false;
        while (TryTake(TokenKind.Directive, out var directive))
        {
            ReadDirective(directive);
            hasDirective = true;
        }

        var isExplicit = TryTake(TokenKind.DocumentStart, out var mark);
        if (!isExplicit && (hasDirective || !isFirst))
        {
            throw new YamlSyntaxException(_tokens.Peek().Start, hasDirective
                ? "a '---' must follow the directives"
                : "this cannot follow here: check the indentation, or start a document with '---'");
        }

        var root = isExplicit && NextIs(TokenKind.Directive, TokenKind.DocumentStart, TokenKind.DocumentEnd, TokenKind.StreamEnd)
            ? Empty(mark.End)
            : ReadNode(1, isBlock: true, allowsIndentless: false);
        return new(LineMap.StartOf(text, start), root);
    }

    private void ReadDirective(Token directive)
    {
        var words = directive.Text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words is ["%TAG", var handle, var prefix, ..])
        {
            _tags[handle] = prefix;
        }
        else if (words is not ["%YAML", ['1', '.', ..], ..])
        {
            throw new YamlSyntaxException(directive.Start, $"the directive '{directive.Text}' is not supported");
        }
    }

    private YamlNode ReadNode(int depth, bool isBlock, bool allowsIndentless)
    {
        var first = _tokens.Peek();
        if (depth > MaxDepth)
        {
            throw new YamlSyntaxException(first.Start, $"more than {MaxDepth} levels of nesting");
        }

        if (TryTake(TokenKind.Alias, out var alias))
        {
            return ReadAlias(alias);
        }

        var (anchor, tag, end) = ReadProperties();
        var next = _tokens.Peek();
        var start = end < 0 ? next.Start : first.Start;
        return next.Kind switch
        {
            TokenKind.BlockEntry when allowsIndentless => ReadIndentless(depth, start, anchor),
            TokenKind.Scalar => ReadScalar(_tokens.Take(), start, anchor, tag),
            TokenKind.FlowSequenceStart => ReadFlowSequence(depth, start, anchor),
            TokenKind.FlowMappingStart => ReadFlowMapping(depth, start, anchor),
            TokenKind.BlockSequenceStart when isBlock => ReadBlockSequence(depth, start, anchor),
            TokenKind.BlockMappingStart when isBlock => ReadBlockMapping(depth, start, anchor),
            _ when end >= 0 => Scalar(new(TokenKind.Scalar, end, end), start, anchor, tag),
            _ => throw new YamlSyntaxException(next.Start, "a value is missing here"),
        };
    }

    // Anchor and tag, in any order; the offset after the last one, or -1.
    private (string? Anchor, string? Tag, int End) ReadProperties()
    {
        string? anchor = null;
        string? tag = null;
        var end = -1;
        while (true)
        {
            if (anchor is null && TryTake(TokenKind.Anchor, out var named))
            {
                (anchor, end) = (named.Text, named.End);
            }
            else if (tag is null && TryTake(TokenKind.Tag, out var tagged))
            {
                (tag, end) = (FullTag(tagged), tagged.End);
            }
            else
            {
                return (anchor, tag, end);
            }
        }
    }

    private string FullTag(Token tag)
    {
        if (tag.Text is ['!', '<', .. var uri, '>'])
        {
            return uri;
        }

        var handleEnd = tag.Text.IndexOf('!', 1) + 1;
        var handle = handleEnd > 0 ? tag.Text[..handleEnd] : "!";
        return _tags.TryGetValue(handle, out var prefix) ? prefix + tag.Text[handle.Length..]
            : handle == "!!" ? CoreTags + tag.Text[2..]
            : handle == "!" ? tag.Text
            : throw new YamlSyntaxException(tag.Start, $"no %TAG directive defines '{handle}'");
    }

    private ScalarNode ReadScalar(Token token, int start, string? anchor, string? tag)
    {
        var node = Scalar(token, start, anchor, tag);
        if (node.Value.Kind is ScalarKind.NotFinite or ScalarKind.Misfit)
        {
            var value = node.Value;
            _findings.Add(start, value.Kind == ScalarKind.Misfit ? value.Text : $"'{value.Text}' cannot be written as JSON");
        }

        return node;
    }

    private ScalarNode Scalar(Token token, int start, string? anchor, string? tag)
    {
        var value = ScalarResolver.Resolve(token.Text, token.Style == ScalarStyle.Plain, tag, _isJson);
        return Register(new ScalarNode
        {
            Start = start,
            ContentStart = token.Start,
            End = token.End,
            Anchor = anchor,
            Style = token.Style,
            Value = value.Kind == ScalarKind.Merge ? value with { Kind = ScalarKind.Text } : value,
        });
    }

    // Nothing is written after an indicator.
    private ScalarNode Empty(int offset) => Scalar(new(TokenKind.Scalar, offset, offset), offset, null, null);

    private AliasNode ReadAlias(Token alias)
    {
        if (!_anchors.TryGetValue(alias.Text, out var target))
        {
            throw new YamlSyntaxException(alias.Start, $"there is no anchor '&{alias.Text}' above");
        }

        if (_open.Contains(target))
        {
            throw new YamlSyntaxException(alias.Start, $"the anchor '&{alias.Text}' contains itself");
        }

        target.IsAliased = true;
        return new() { Start = alias.Start, ContentStart = alias.Start, End = alias.End, Target = target };
    }

    private T Register<T>(T node)
        where T : YamlNode
    {
        if (node.Anchor is { } name)
        {
            _anchors[name] = node;
        }

        return node;
    }
}
