using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace RunnerWebhook.Yaml;

/// <summary>Builds the nodes of all documents of a text, with their places.</summary>
internal sealed class YamlComposer
{
    /// <summary>The deepest nesting that is read, in levels.</summary>
    public const int MaxDepth = 100;

    private const int MaxErrors = 20;

    private readonly string _text;
    private readonly LineMap _lines;
    private readonly TokenLog _tokens;
    private readonly Parser _parser;
    private readonly NodeExtent _extent;
    private readonly List<YamlError> _errors = [];
    private readonly Dictionary<string, YamlNode> _anchors = [];
    private readonly HashSet<YamlNode> _open = [];
    private bool _isJson;

    private YamlComposer(string text, LineMap lines)
    {
        _text = text;
        _lines = lines;
        _tokens = new(new Scanner(new StringReader(Terminate(VersionDirective.Mask(text))), skipComments: true));
        _parser = new(_tokens);
        _extent = new(text, _tokens);
    }

    /// <summary>Composes all documents, the empty ones included, or tells what is wrong.</summary>
    /// <param name="text">The text, without byte order mark.</param>
    /// <param name="lines">Its lines.</param>
    /// <param name="errors">What is wrong, ordered by place; the documents are of no use then.</param>
    public static List<ComposedDocument> Compose(string text, LineMap lines, out List<YamlError> errors)
    {
        var composer = new YamlComposer(text, lines);
        var documents = new List<ComposedDocument>();
        while (composer.Advance() && composer._parser.Current is not StreamEnd)
        {
            if (composer._parser.Current is DocumentStart start && !composer.TryReadDocument(start, documents))
            {
                break;
            }
        }

        errors = composer._errors;
        return documents;
    }

    private bool TryReadDocument(DocumentStart start, List<ComposedDocument> documents)
    {
        _anchors.Clear();
        if (!Advance())
        {
            return false;
        }

        _isJson = _parser.Current is MappingStart { Style: MappingStyle.Flow };
        if (ReadNode(1, -1) is not { } root)
        {
            return false;
        }

        documents.Add(new(LineMap.StartOf(_text, Offset(start.Start)), root));
        return true;
    }

    private YamlNode? ReadNode(int depth, int parentStart)
    {
        var current = _parser.Current!;
        if (depth > MaxDepth)
        {
            Add(Offset(current.Start), $"more than {MaxDepth} levels of nesting");
            return null;
        }

        return current switch
        {
            Scalar scalar => ReadScalar(scalar),
            AnchorAlias alias => ReadAlias(alias),
            MappingStart start => ReadMapping(start, depth, parentStart),
            SequenceStart start => ReadSequence(start, depth),
            _ => null,
        };
    }

    private ScalarNode ReadScalar(Scalar scalar)
    {
        var tag = scalar.Tag.IsEmpty ? null : scalar.Tag.Value;
        var value = ScalarResolver.Resolve(scalar.Value, scalar.Style == ScalarStyle.Plain, tag, _isJson);
        var (start, content, end) = _extent.Of(scalar);
        if (value.Kind is ScalarKind.NotFinite or ScalarKind.Misfit)
        {
            Add(start, value.Kind == ScalarKind.Misfit ? value.Text : $"'{value.Text}' cannot be written as JSON");
        }
        else if (scalar.Style == ScalarStyle.Plain && scalar.Value.Contains(": ", StringComparison.Ordinal))
        {
            // The parser misses a colon behind an asterisk, as in "a *b: c"; it must not pass for a text.
            Add(start, "a text that holds ': ' needs quotes");
        }

        var node = new ScalarNode
        {
            Start = start,
            ContentStart = content,
            End = end,
            Anchor = NameOf(scalar),
            Style = scalar.Style,
            Value = value.Kind == ScalarKind.Merge ? value with { Kind = ScalarKind.Text } : value,
        };
        return Register(node);
    }

    private AliasNode? ReadAlias(AnchorAlias alias)
    {
        var start = Offset(alias.Start);
        var name = alias.Value.Value;
        if (!_anchors.TryGetValue(name, out var target))
        {
            Add(start, $"there is no anchor '&{name}' above");
            return null;
        }

        if (_open.Contains(target))
        {
            Add(start, $"the anchor '&{name}' contains itself");
            return null;
        }

        target.IsAliased = true;
        return new() { Start = start, ContentStart = start, End = Offset(alias.End), Target = target };
    }

    private MappingNode? ReadMapping(MappingStart start, int depth, int parentStart)
    {
        var isFlow = start.Style == MappingStyle.Flow;
        var isBare = isFlow && Offset(start.Start) <= parentStart;
        var node = Register(new MappingNode
        {
            Start = Offset(start.Start),
            ContentStart = isBare ? parentStart : _extent.ContentOf(start),
            Anchor = NameOf(start),
            IsFlow = isFlow,
            IsBare = isBare,
        });
        _open.Add(node);
        var names = new Dictionary<string, int>();
        while (Advance())
        {
            if (_parser.Current is MappingEnd end)
            {
                Close(node, isFlow && !node.IsBare ? Offset(end.Start) + 1 : null);
                _open.Remove(node);
                return node;
            }

            if (!TryReadPair(node, depth, names))
            {
                return null;
            }
        }

        return null;
    }

    // Without brackets, a mapping reaches from its first key to its last value. The parser's mark of one without
    // braces in a flow sequence is the start of the text.
    private static void Close(MappingNode node, int? bracketEnd)
    {
        node.End = bracketEnd ?? (node.Pairs.Count > 0 ? node.Pairs[^1].End : node.ContentStart);
        if (node.IsBare && node.Pairs.Count > 0)
        {
            node.ContentStart = node.Pairs[0].Key.Start;
            node.Start = node.ContentStart;
        }
    }

    private bool TryReadPair(MappingNode mapping, int depth, Dictionary<string, int> names)
    {
        var from = mapping.Pairs.Count > 0 ? mapping.Pairs[^1].End : mapping.ContentStart;
        if (_parser.Current is not Scalar scalar)
        {
            Add(Offset(_parser.Current!.Start), "a key must be a plain text; a list, a mapping or an alias is none");
            return false;
        }

        var isMerge = scalar is { Style: ScalarStyle.Plain, Value: "<<" }
            && (scalar.Tag.IsEmpty || scalar.Tag.Value == "tag:yaml.org,2002:merge");
        var key = ReadScalar(scalar);
        if (key.Value.Kind == ScalarKind.Null)
        {
            Add(key.Start, "null is not allowed as a key; write \"null\" or the name that is missing");
        }

        var name = KeyName.Of(key.Value);
        if (!isMerge && !names.TryAdd(name, key.Start))
        {
            Add(key.Start, $"the key '{name}' is there twice: in line {_lines.At(names[name]).Line} and here");
        }

        if (!Advance() || ReadNode(depth + 1, mapping.ContentStart) is not { } value)
        {
            return false;
        }

        var limit = value is ScalarNode { IsEmpty: true } ? value.Start + 1 : Math.Max(value.Start, key.End);
        var colon = _tokens.Colon(key.End, limit);
        NodeExtent.Settle(value, colon >= 0 ? colon + 1 : key.End);
        mapping.Pairs.Add(new(key, name, colon, value, isMerge, _tokens.HasQuestion(from, key.Start)));
        return true;
    }

    private SequenceNode? ReadSequence(SequenceStart start, int depth)
    {
        var content = _extent.ContentOf(start);
        var node = Register(new SequenceNode
        {
            Start = Offset(start.Start),
            ContentStart = content,
            Anchor = NameOf(start),
            IsFlow = start.Style == SequenceStyle.Flow,
        });
        _open.Add(node);
        while (Advance())
        {
            if (_parser.Current is SequenceEnd end)
            {
                node.End = node.IsFlow ? Offset(end.Start) + 1
                    : node.Items.Count > 0 ? node.Items[^1].End : content;
                _open.Remove(node);
                return node;
            }

            if (ReadNode(depth + 1, content) is not { } item)
            {
                return null;
            }

            if (!node.IsFlow)
            {
                var dash = _tokens.DashFrom(node.Items.Count > 0 ? node.Items[^1].End : content);
                node.Dashes.Add(dash);
                NodeExtent.Settle(item, dash + 1);
            }

            node.Items.Add(item);
        }

        return null;
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

    private bool Advance()
    {
        try
        {
            return _errors.Count < MaxErrors && _parser.MoveNext();
        }
        catch (YamlException e)
        {
            _errors.Add(ParserFault.Describe(_text, _lines, e));
            return false;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The parser fails like this on some texts that are not YAML.
            Add(Offset(_tokens.CurrentPosition), "this is not valid YAML");
            return false;
        }
    }

    private void Add(int offset, string message) => _errors.Add(_lines.Error(offset, message));

    private static string? NameOf(NodeEvent node) => node.Anchor.IsEmpty ? null : node.Anchor.Value;

    // As kubectl does it, so that a block text at the end of the file has its line break.
    private static string Terminate(string text) =>
        text.Length > 0 && LineMap.BreakLength(text, text.Length - 1) == 0 ? text + "\n" : text;

    private int Offset(Mark mark) => (int)Math.Min(mark.Index, _text.Length);
}
