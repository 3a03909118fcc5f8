using System.Text;

namespace RunnerWebhook.Tests.Yaml;

/// <summary>
/// Writes a manifest as a person might: the bytes decide about structure, style, comments and blank lines. Missing
/// bytes count as 0, the plainest choice, so that shorter input makes shorter text.
/// </summary>
internal sealed class ManifestText
{
    private static readonly string[] Scalars =
    [
        "word", "\"double\"", "'single'", "12", "0.10", "true", "0777", "\"yes\"", "a b c", "--flag=x", "'it''s'",
        "\"tab\\t\\u0041\"", "http://x:80/y", "!!str 12", "2024-01-01",
    ];

    private static readonly string[] Flows =
    [
        "[]", "{}", "[a, b]", "{a: b, c: [1]}", "[ {a: 1} ]", "{ a: b }", "[a,b]", "[a, ]", "[ ]", "{a: ~}",
    ];

    private static readonly string[] Jsons =
    [
        "[]", "{}", "[1,2]", "{\"a\":\"b\",\"c\":[]}", "{\"a\": {}, \"b\": null}", "\"text\"", "null", "1.50",
    ];

    private readonly byte[] _bytes;
    private readonly StringBuilder _text = new();
    private readonly int _step;
    private readonly int _offset;
    private int _at;
    private int _name;

    private ManifestText(byte[] bytes)
    {
        _bytes = bytes;
        _step = Next(3) == 2 ? 4 : 2;
        _offset = Next(2) * 2;
    }

    public static string Of(byte[] bytes)
    {
        var manifest = new ManifestText(bytes);
        var newline = manifest.Next(3) == 2 ? "\r\n" : "\n";
        var hasFinalNewline = manifest.Next(4) != 3;
        var hasMark = manifest.Next(8) == 7;
        manifest.Documents();
        var text = manifest._text.ToString();
        text = hasFinalNewline ? text : text.TrimEnd('\n');
        return (hasMark ? "\uFEFF" : "") + text.Replace("\n", newline, StringComparison.Ordinal);
    }

    private int Next(int count) => _at < _bytes.Length ? _bytes[_at++] % count : 0;

    private void Documents()
    {
        var count = 1 + (Next(4) / 2);
        for (var document = 0; document < count; document++)
        {
            _text.Append(document > 0 || Next(5) == 4 ? "---\n" : "");
            Comment(0);
            switch (Next(5))
            {
                case 3:
                    _text.Append('{').Append('\n');
                    PrettyMembers("  ");
                    _text.Append("}\n");
                    break;
                case 4:
                    _text.Append("{\"k\":").Append(Pick(Jsons)).Append(",\"l\":").Append(Pick(Jsons)).Append("}\n");
                    break;
                default:
                    Mapping(0, 0, isFirstHere: false);
                    break;
            }

            Comment(0);
        }
    }

    private void PrettyMembers(string indent)
    {
        var count = 1 + Next(3);
        for (var member = 0; member < count; member++)
        {
            _text.Append(indent).Append('"').Append(Name()).Append("\": ");
            if (Next(4) == 3 && indent.Length < 8)
            {
                _text.Append("{\n");
                PrettyMembers(indent + "  ");
                _text.Append(indent).Append('}');
            }
            else if (Next(4) == 3)
            {
                _text.Append("[\n").Append(indent).Append("  ").Append(Pick(Jsons)).Append('\n').Append(indent)
                    .Append(']');
            }
            else
            {
                _text.Append(Pick(Jsons));
            }

            _text.Append(member < count - 1 ? ",\n" : "\n");
        }
    }

    private string Pick(string[] choices) => choices[Next(choices.Length)];

    private string Name() => Next(9) switch
    {
        7 => $"example.com/k{_name++}",
        8 => $"é{_name++}\U0001F600",
        var letter => $"{"kxabcde"[letter]}{_name++}",
    };

    private void Comment(int indent)
    {
        switch (Next(8))
        {
            case 6:
                _text.Append('\n');
                break;
            case 7:
                _text.Append(' ', indent).Append("# note - a: b\n");
                break;
        }
    }

    private void Mapping(int indent, int depth, bool isFirstHere)
    {
        var count = 1 + Next(3);
        for (var member = 0; member < count; member++)
        {
            if (!isFirstHere)
            {
                Comment(indent);
                _text.Append(' ', indent);
            }

            isFirstHere = false;
            _text.Append(Name()).Append(':');
            Value(indent, depth, isItem: false);
        }
    }

    private void Sequence(int indent, int depth, bool isFirstHere)
    {
        var count = 1 + Next(3);
        for (var item = 0; item < count; item++)
        {
            if (!isFirstHere)
            {
                Comment(indent);
                _text.Append(' ', indent);
            }

            isFirstHere = false;
            _text.Append('-');
            Value(indent, depth, isItem: true);
        }
    }

    private void Value(int indent, int depth, bool isItem)
    {
        var inner = indent + (isItem ? 2 : _step);
        switch (Next(depth < 4 ? 9 : 5))
        {
            case 1:
                _text.Append(' ').Append(Pick(Flows));
                EndLine();
                break;
            case 2:
                _text.Append(Pick(["", " ~", " null", "  ", "   Null"]));
                EndLine();
                break;
            case 3:
                Block(inner);
                break;
            case 4:
                _text.Append(" [\n").Append(' ', inner).Append("a,").Append(Pick(["", " # one"])).Append('\n')
                    .Append(' ', inner).Append("{b: c}").Append(Pick(["", ",", " # two"])).Append('\n')
                    .Append(' ', Next(2) == 1 ? indent : inner).Append(']');
                EndLine();
                break;
            case 5 or 6:
                Collection(inner, depth, isItem, isMapping: true);
                break;
            case 7 or 8:
                Collection(isItem ? inner : indent + _offset, depth, isItem, isMapping: false);
                break;
            default:
                _text.Append(' ').Append(Pick(Scalars));
                EndLine();
                break;
        }
    }

    private void Collection(int indent, int depth, bool isItem, bool isMapping)
    {
        var isHere = isItem && Next(4) != 3;
        if (isHere)
        {
            _text.Append(' ');
        }
        else
        {
            EndLine();
        }

        if (isMapping)
        {
            Mapping(indent, depth + 1, isHere);
        }
        else
        {
            Sequence(indent, depth + 1, isHere);
        }
    }

    private void Block(int indent)
    {
        _text.Append(Pick([" |", " |-", " |+", " >", " >-", " >+"])).Append(Pick(["", " # head"])).Append('\n')
            .Append(' ', indent).Append("lit one\n");
        if (Next(2) == 1)
        {
            _text.Append('\n').Append(' ', indent).Append("  # lit two\n");
        }

        _text.Append(Pick(["", "\n", "\n\n"]));
    }

    private void EndLine() => _text.Append(Pick(["", "", "", " # why", "  "])).Append('\n');
}
