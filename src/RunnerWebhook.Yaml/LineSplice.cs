namespace RunnerWebhook.Yaml;

/// <summary>Inserts and removes whole lines. A text without a line break at its end stays one.</summary>
internal sealed class LineSplice(string text, YamlStyle style)
{
    /// <summary>Inserts lines after the line of an offset; a comment at its end stays where it is.</summary>
    /// <param name="offset">The end of what comes before.</param>
    /// <param name="write">Writes the lines, with or without literal blocks.</param>
    public TextEdit InsertAfter(int offset, Func<bool, BlockText> write)
    {
        var end = LineMap.EndOf(text, offset);
        if (end < text.Length)
        {
            return TextEdit.Insert(LineMap.NextOf(text, end), write(true) + style.Newline);
        }

        // kubectl adds the line break that a literal at the end of the text lacks, but other readers do not.
        var lines = write(true);
        lines = lines.EndsWithClippedLiteral ? write(false) : lines;
        return TextEdit.Insert(end, style.Newline + lines);
    }

    /// <summary>Removes all lines from that of one offset to that of another.</summary>
    public TextEdit Remove(int start, int end)
    {
        var from = LineMap.StartOf(text, start);
        var to = LineMap.EndOf(text, end);
        return to < text.Length
            ? TextEdit.Delete(from, LineMap.NextOf(text, to))
            : TextEdit.Delete(LineMap.BreakBefore(text, from), to);
    }
}
