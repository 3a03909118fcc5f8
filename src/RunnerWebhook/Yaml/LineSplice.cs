namespace RunnerWebhook.Yaml;

/// <summary>Inserts and removes whole lines. A text without a line break at its end stays one.</summary>
internal sealed class LineSplice(string text, YamlNode root, YamlStyle style)
{
    private const string Unterminated =
        "the file ends inside a block text without a line break; add one at the end of the file first";

    /// <summary>Inserts lines behind the line of an offset; a comment at its end stays where it is.</summary>
    /// <param name="offset">The end of what comes before.</param>
    /// <param name="write">Writes the lines, with or without literal blocks.</param>
    public SplicePlan InsertBehind(int offset, Func<bool, BlockText> write)
    {
        var end = LineMap.EndOf(text, offset);
        if (end < text.Length)
        {
            return SplicePlan.Of(TextEdit.Insert(LineMap.NextOf(text, end), write(true) + style.Newline));
        }

        if (NeedsLineBreak(root, end))
        {
            return SplicePlan.Refuse(Unterminated);
        }

        // A literal at the end of the text would lose the line break at its own end.
        var lines = write(true);
        lines = lines.EndsWithClippedLiteral ? write(false) : lines;
        return SplicePlan.Of(TextEdit.Insert(end, style.Newline + lines));
    }

    /// <summary>Removes all lines from that of one offset to that of another.</summary>
    public TextEdit Remove(int start, int end)
    {
        var from = LineMap.StartOf(text, start);
        var to = LineMap.EndOf(text, end);
        if (to < text.Length)
        {
            return TextEdit.Delete(from, LineMap.NextOf(text, to));
        }

        var before = LineMap.BreakBefore(text, from);
        return TextEdit.Delete(NeedsLineBreak(root, before) ? from : before, to);
    }

    // Whether a literal or folded block ends here whose value ends with a line break, if the text has one.
    private bool NeedsLineBreak(YamlNode node, int end) => node switch
    {
        ScalarNode { IsBlock: true } scalar => scalar.End == end
            && !text[scalar.ContentStart..LineMap.EndOf(text, scalar.ContentStart)].Contains('-'),
        MappingNode mapping => mapping.Pairs.Exists(pair => NeedsLineBreak(pair.Value, end)),
        SequenceNode sequence => sequence.Items.Exists(item => NeedsLineBreak(item, end)),
        _ => false,
    };
}
