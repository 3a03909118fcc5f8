using System.Text.Json;

namespace RunnerWebhook.Yaml;

/// <summary>Plans edits of block collections: whole lines come and go.</summary>
internal sealed class BlockSplice
{
    private readonly string _text;
    private readonly YamlStyle _style;
    private readonly LineSplice _lines;

    /// <summary>Prepares for one state of a document.</summary>
    public BlockSplice(string text, YamlStyle style)
    {
        _text = text;
        _style = style;
        _lines = new(text, style);
    }

    /// <summary>Adds a member after the last one.</summary>
    public SplicePlan AddMember(MappingNode mapping, string name, JsonElement value)
    {
        var column = Column(mapping.Pairs[0].Key.Start);
        return SplicePlan.Of(_lines.InsertAfter(
            mapping.End, literals => new BlockText(_style, literals).Member(name, value, column)));
    }

    /// <summary>Adds an item after the one before it; the first one after the line of the key.</summary>
    public SplicePlan AddItem(NodePlace place, SequenceNode sequence, int index, JsonElement value)
    {
        var first = sequence.Dashes[0];
        var column = Column(first);
        if (index > 0)
        {
            var before = Math.Max(sequence.Items[index - 1].End, sequence.Dashes[index - 1] + 1);
            return SplicePlan.Of(_lines.InsertAfter(
                before, literals => new BlockText(_style, literals).Item(value, column)));
        }

        var item = new BlockText(_style).Item(value, column).ToString();
        if (!LineMap.IsFirst(_text, first))
        {
            var indent = new string(' ', column);
            return SplicePlan.Of(TextEdit.Insert(first, item[column..] + _style.Newline + indent));
        }

        var at = LineMap.StartOf(_text, first);
        while (place.Indicator >= 0 && LineMap.BreakBefore(_text, at) > place.Indicator && IsIdle(at))
        {
            at = LineMap.StartOf(_text, LineMap.BreakBefore(_text, at));
        }

        return SplicePlan.Of(TextEdit.Insert(at, item + _style.Newline));
    }

    /// <summary>Removes a member; the last one leaves an empty mapping.</summary>
    public SplicePlan RemoveMember(NodePlace place, MappingNode mapping, int index)
    {
        if (mapping.Pairs.Count == 1)
        {
            return Empty(place, "{}");
        }

        var pair = mapping.Pairs[index];
        return RemoveEntry(pair.Key.Start, pair.End, index == 0 ? mapping.Pairs[1].Key.Start : -1);
    }

    /// <summary>Removes an item; the last one leaves an empty list.</summary>
    public SplicePlan RemoveItem(NodePlace place, SequenceNode sequence, int index)
    {
        if (sequence.Items.Count == 1)
        {
            return Empty(place, "[]");
        }

        var end = Math.Max(sequence.Items[index].End, sequence.Dashes[index] + 1);
        return RemoveEntry(sequence.Dashes[index], end, index == 0 ? sequence.Dashes[1] : -1);
    }

    /// <summary>Writes another value after a colon or a hyphen.</summary>
    public SplicePlan SetValue(NodePlace place, JsonElement value)
    {
        var replacement = new BlockReplacement(_text, _style, _lines, place);
        return value.ValueKind == JsonValueKind.Null ? replacement.WithNull() : replacement.With(value);
    }

    private SplicePlan RemoveEntry(int start, int end, int next) =>
        LineMap.IsFirst(_text, start)
            ? SplicePlan.Of(_lines.Remove(start, end))
            : SplicePlan.Of(TextEdit.Delete(start, next));

    // Only the brackets stay, on the line of the key where the collection is below it.
    private SplicePlan Empty(NodePlace place, string brackets)
    {
        var node = place.Node;
        var isBelow = place.Indicator >= 0 && node.Start == node.ContentStart
            && LineMap.EndOf(_text, place.Indicator) < node.Start;
        return isBelow
            ? SplicePlan.Of(
                TextEdit.Insert(place.Indicator, " " + brackets), _lines.Remove(node.ContentStart, node.End))
            : SplicePlan.Of(new TextEdit(node.ContentStart, node.End, brackets));
    }

    // Whether the line before a line start is blank or only a comment.
    private bool IsIdle(int lineStart)
    {
        var end = LineMap.BreakBefore(_text, lineStart);
        var line = _text.AsSpan(LineMap.StartOf(_text, end)..end).TrimStart();
        return line.IsEmpty || line[0] == '#';
    }

    private int Column(int offset) => offset - LineMap.StartOf(_text, offset);
}
