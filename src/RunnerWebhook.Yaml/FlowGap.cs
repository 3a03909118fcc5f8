namespace RunnerWebhook.Yaml;

/// <summary>Reads what is between the entries of a flow collection: white space, comments, a comma.</summary>
internal static class FlowGap
{
    /// <summary>The comma after an entry, or -1 where the collection ends.</summary>
    public static int Comma(string text, int end)
    {
        var at = end;
        while (at < text.Length)
        {
            if (text[at] == '#')
            {
                at = LineMap.EndOf(text, at);
            }
            else if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else
            {
                break;
            }
        }

        return at < text.Length && text[at] == ',' ? at : -1;
    }

    /// <summary>The end of the last comment in a gap, or -1.</summary>
    public static int LastCommentEnd(string text, int start, int end)
    {
        var last = -1;
        for (var at = start; at < end; at++)
        {
            if (text[at] == '#')
            {
                at = LineMap.EndOf(text, at);
                last = at;
            }
        }

        return last;
    }

    /// <summary>Whether a gap is white space with a line break.</summary>
    public static bool IsLineBreak(ReadOnlySpan<char> gap) => gap.IsWhiteSpace() && gap.ContainsAny('\r', '\n');
}
