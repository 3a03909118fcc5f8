using System.Text.Json;
using System.Text.RegularExpressions;

namespace RunnerWebhook.Yaml;

/// <summary>
/// Writes another value after a colon or a hyphen. An explicit null becomes a comment, <c>#~</c> or <c>#null</c>, so
/// that it can come back.
/// </summary>
internal sealed partial class BlockReplacement
{
    private readonly string _text;
    private readonly YamlStyle _style;
    private readonly LineSplice _lines;
    private readonly NodePlace _place;
    private readonly YamlNode _old;
    private readonly bool _isBelow;

    /// <summary>Prepares for one value.</summary>
    public BlockReplacement(string text, YamlStyle style, LineSplice lines, NodePlace place)
    {
        _text = text;
        _style = style;
        _lines = lines;
        _place = place;
        _old = place.Node;
        _isBelow = LineMap.EndOf(text, place.Indicator) < _old.Start;
    }

    private bool IsEmptyNull => _old is ScalarNode { IsEmpty: true, HasProperties: false };

    private bool IsExplicitNull =>
        _old is ScalarNode { IsEmpty: false, HasProperties: false, Value.Kind: ScalarKind.Null } && !_isBelow;

    /// <summary>Removes the value, or brings back the null that was there before it.</summary>
    public SplicePlan WithNull()
    {
        if (_old is ScalarNode { Value.Kind: ScalarKind.Null })
        {
            return SplicePlan.Of();
        }

        var edits = new List<TextEdit>
        {
            _isBelow ? _lines.Remove(_old.Start, _old.End) : TextEdit.Delete(_place.Indicator, _old.End),
        };
        var after = _isBelow ? _place.Indicator : _old.End;
        var mark = NullMark().Match(_text, after);
        if (mark.Success && mark.Index == after)
        {
            edits.Add(TextEdit.Delete(mark.Groups["hash"].Index, mark.Groups["hash"].Index + 1));
        }

        return SplicePlan.Of(edits);
    }

    /// <summary>Writes a value that is not null.</summary>
    public SplicePlan With(JsonElement value)
    {
        if (InPlace(value) is { } text)
        {
            return SplicePlan.Of(new TextEdit(_old.Start, _old.End, text));
        }

        var written = Write(value, literals: true);
        if (written.EndsWithClippedLiteral && LineMap.EndOf(_text, _old.End) == _text.Length)
        {
            written = Write(value, literals: false);
        }

        var all = written.ToString();
        var split = all.IndexOf(_style.Newline, StringComparison.Ordinal);
        var head = split < 0 ? all : all[..split];
        var lines = split < 0 ? null : all[(split + _style.Newline.Length)..];
        return _isBelow ? Below(head, lines) : Here(head, lines);
    }

    // A value that fits on the line takes the very place of the old one, and its quotes.
    private string? InPlace(JsonElement value)
    {
        if (_old is ScalarNode { IsBlock: false } scalar && !IsEmptyNull && !IsExplicitNull
            && ScalarText.IsSingle(value))
        {
            return value.ValueKind != JsonValueKind.String ? ScalarText.Of(value)
                : scalar.Style != ScalarStyle.DoubleQuoted && ScalarText.TryLiteral(value.GetString()!) is not null
                    ? null
                : ScalarText.OfStringLike(scalar.Style, value.GetString()!, inFlow: false, isJson: false);
        }

        return _old is SequenceNode { IsFlow: true } or MappingNode { IsFlow: true }
            && value.ValueKind is JsonValueKind.Array or JsonValueKind.Object
            ? FlowText.Of(_style, value, indent: null)
            : null;
    }

    private BlockText Write(JsonElement value, bool literals)
    {
        // A trailing comment would end up inside the literal block.
        var isAlone = !IsExplicitNull && (_isBelow || LineMap.EndOf(_text, _old.End) == _old.End);
        var text = new BlockText(_style, literals && isAlone);
        if (_text[_place.Indicator - 1] == '-')
        {
            var dash = _place.Indicator - 1;
            return text.ValueAfterDash(value, dash - LineMap.StartOf(_text, dash), onNextLine: !isAlone);
        }

        var mapping = (MappingNode)_place.Parent!.Node;
        var key = mapping.Pairs[0].Key.Start;
        return text.ValueAfterColon(value, key - LineMap.StartOf(_text, key));
    }

    private SplicePlan Here(string head, string? lines)
    {
        List<TextEdit> edits = IsExplicitNull
            ? [TextEdit.Insert(_place.Indicator, head), TextEdit.Insert(_old.Start, "#")]
            : [new TextEdit(_place.Indicator, IsEmptyNull ? _place.Indicator : _old.End, head)];
        if (lines is not null)
        {
            var end = LineMap.EndOf(_text, _old.End);
            edits.Add(end < _text.Length
                ? TextEdit.Insert(LineMap.NextOf(_text, end), lines + _style.Newline)
                : TextEdit.Insert(end, _style.Newline + lines));
        }

        return SplicePlan.Of(edits);
    }

    private SplicePlan Below(string head, string? lines)
    {
        var removal = _lines.Remove(_old.Start, _old.End);
        if (lines is not null)
        {
            var from = LineMap.StartOf(_text, _old.Start);
            removal = new(from, LineMap.EndOf(_text, _old.End), lines);
        }

        return SplicePlan.Of(TextEdit.Insert(_place.Indicator, head), removal);
    }

    [GeneratedRegex(@"[ \t]+(?<hash>#)(~|null|Null|NULL)(?=[ \t\r\n]|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex NullMark();
}
