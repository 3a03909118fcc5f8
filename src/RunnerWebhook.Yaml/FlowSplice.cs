using System.Text.Json;

namespace RunnerWebhook.Yaml;

/// <summary>Plans edits of flow collections: entries come and go between the brackets.</summary>
internal sealed class FlowSplice(string text, YamlStyle style)
{
    /// <summary>Adds a member after the last one.</summary>
    public SplicePlan AddMember(NodePlace place, MappingNode mapping, string name, JsonElement value) =>
        Insert(place, mapping.Pairs.Count, indent => FlowText.OfMember(style, name, value, indent));

    /// <summary>Adds an item.</summary>
    public SplicePlan AddItem(NodePlace place, SequenceNode sequence, int index, JsonElement value) =>
        Insert(place, index, indent => FlowText.Of(style, value, indent));

    /// <summary>Writes another value of a member.</summary>
    public SplicePlan SetMember(MappingNode mapping, YamlPair pair, JsonElement value)
    {
        var written = Write(mapping, pair.Value, value);
        return SplicePlan.Of(
            pair.Colon < 0 ? TextEdit.Insert(pair.Key.End, ": " + written)
            : pair.Value is ScalarNode { IsEmpty: true } ? TextEdit.Insert(pair.Colon + 1, " " + written)
            : new TextEdit(pair.Value.Start, pair.Value.End, written));
    }

    /// <summary>Writes another item.</summary>
    public SplicePlan SetItem(SequenceNode sequence, int index, JsonElement value)
    {
        var old = sequence.Items[index];
        return SplicePlan.Of(new TextEdit(old.Start, old.End, Write(sequence, old, value)));
    }

    /// <summary>Removes an entry.</summary>
    public SplicePlan Remove(YamlNode collection, int index)
    {
        var entries = Entries(collection);
        var (start, end) = entries[index];
        if (index < entries.Count - 1)
        {
            return SplicePlan.Of(RemoveBeforeNext(start, end, entries[index + 1].Start));
        }

        var comma = FlowGap.Comma(text, end);
        end = comma < 0 ? end : comma + 1;
        if (index == 0)
        {
            return SplicePlan.Of(RemoveOnly(collection, start, end));
        }

        var before = entries[index - 1].End;
        var commaBefore = FlowGap.Comma(text, before);
        var comment = FlowGap.LastCommentEnd(text, commaBefore + 1, start);
        var from = comment < 0 ? commaBefore + 1 : comment;
        return comma >= 0 ? SplicePlan.Of(TextEdit.Delete(from, end))
            : FlowGap.LastCommentEnd(text, before, start) < 0 ? SplicePlan.Of(TextEdit.Delete(before, end))
            : SplicePlan.Of(TextEdit.Delete(commaBefore, commaBefore + 1), TextEdit.Delete(from, end));
    }

    private static List<(int Start, int End)> Entries(YamlNode collection) => collection is MappingNode mapping
        ? [.. mapping.Pairs.Select(pair => (pair.Key.Start, pair.End))]
        : [.. ((SequenceNode)collection).Items.Select(item => (item.Start, item.End))];

    private SplicePlan Insert(NodePlace place, int index, Func<string?, string> write)
    {
        var entries = Entries(place.Node);
        var isPretty = IsPretty(place);
        if (entries.Count == 0)
        {
            var indent = LineMap.IndentOf(text, place.Node.ContentStart);
            var entry = isPretty
                ? style.Newline + indent + style.FlowUnit + write(indent + style.FlowUnit) + style.Newline + indent
                : write(null);
            return SplicePlan.Of(TextEdit.Insert(place.Node.End - 1, entry));
        }

        var neighbour = entries[Math.Min(index, entries.Count - 1)];
        var sibling = LineMap.IsFirst(text, neighbour.Start) ? neighbour : entries[0];
        var lineStart = isPretty ? LineMap.IndentOf(text, sibling.Start) : null;
        var written = write(lineStart);
        var gap = isPretty ? style.Newline + lineStart : style.Separator[1..];
        return index < entries.Count
            ? SplicePlan.Of(TextEdit.Insert(neighbour.Start, written + "," + gap))
            : SplicePlan.Of(Append(neighbour.End, gap, written, isPretty));
    }

    // Keep a trailing comment on its line, and keep a trailing-comma style.
    private List<TextEdit> Append(int end, string gap, string written, bool isPretty)
    {
        var comma = FlowGap.Comma(text, end);
        var from = comma < 0 ? end : comma + 1;
        var line = text.AsSpan(from..LineMap.EndOf(text, from)).TrimStart();
        var at = isPretty && line.StartsWith('#') ? LineMap.EndOf(text, from) : from;
        // kubectl reads "a:," as a text.
        var separator = text[end - 1] == ':' ? " ," : ",";
        return comma >= 0
            ? [TextEdit.Insert(at, gap + written + ",")]
            : at == end ? [TextEdit.Insert(end, separator + gap + written)]
            : [TextEdit.Insert(end, separator), TextEdit.Insert(at, gap + written)];
    }

    private TextEdit RemoveBeforeNext(int start, int end, int next)
    {
        var comma = FlowGap.Comma(text, end);
        return FlowGap.LastCommentEnd(text, end, next) < 0
            ? TextEdit.Delete(start, next)
            : TextEdit.Delete(start, comma + 1);
    }

    // Brackets that would be left on two lines come together again.
    private TextEdit RemoveOnly(YamlNode collection, int start, int end)
    {
        var open = collection.ContentStart + 1;
        var close = collection.End - 1;
        return FlowGap.IsLineBreak(text.AsSpan(open..start)) && FlowGap.IsLineBreak(text.AsSpan(end..close))
            ? TextEdit.Delete(open, close)
            : TextEdit.Delete(start, end);
    }

    private string Write(YamlNode collection, YamlNode old, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && old is ScalarNode scalar)
        {
            return ScalarText.OfStringLike(scalar.Style, value.GetString()!, inFlow: true, style.IsJson);
        }

        var isPretty = !IsEmpty(old) ? IsPretty(old) : IsPretty(collection);
        return FlowText.Of(style, value, isPretty ? LineMap.IndentOf(text, old.Start) : null);
    }

    private bool IsPretty(NodePlace place) => IsEmpty(place.Node)
        ? place.Node.End - place.Node.ContentStart == 2 && place.Parent is { } parent && IsPretty(parent.Node)
        : IsPretty(place.Node);

    // Between tabs kubectl reads only JSON: a value without quotes cannot be followed by a line that starts with one.
    private bool IsPretty(YamlNode node) => node is MappingNode { IsFlow: true } or SequenceNode { IsFlow: true }
        && !IsEmpty(node)
        && text.AsSpan(node.ContentStart..Entries(node)[0].Start).ContainsAny('\r', '\n')
        && (style.IsJson || !LineMap.IndentOf(text, Entries(node)[0].Start).Contains('\t', StringComparison.Ordinal));

    private static bool IsEmpty(YamlNode node) => node is not (MappingNode { Pairs.Count: > 0 }
        or SequenceNode { Items.Count: > 0 });
}
