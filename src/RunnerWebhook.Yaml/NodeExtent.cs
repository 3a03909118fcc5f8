using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace RunnerWebhook.Yaml;

/// <summary>Finds where nodes start and end, which is not always where the parser's marks are.</summary>
internal sealed class NodeExtent(string text, TokenLog tokens)
{
    /// <summary>The first character of a collection behind its anchor and tag.</summary>
    public int ContentOf(NodeEvent start)
    {
        var from = Offset(start.Start);
        var end = tokens.PropertiesEnd(from, Offset(start.End));
        return end == from ? from : SkipSpace(end);
    }

    /// <summary>The start, the first character behind anchor and tag, and the end of a scalar.</summary>
    public (int Start, int Content, int End) Of(Scalar scalar)
    {
        var start = Offset(scalar.Start);
        var end = Offset(scalar.End);
        var properties = tokens.PropertiesEnd(start, end);
        if (scalar.Style == ScalarStyle.Plain && scalar.Value.Length == 0)
        {
            return (start, properties, properties);
        }

        var content = properties == start ? start : SkipSpace(properties);
        return (start, content, scalar.Style switch
        {
            ScalarStyle.Literal => EndOfLiteral(content, scalar.Value),
            ScalarStyle.Folded => EndOfFolded(content, end),
            _ => end,
        });
    }

    /// <summary>
    /// Moves the end of a value that is not written right behind its indicator: the parser's mark is that of the next
    /// token.
    /// </summary>
    public static void Settle(YamlNode value, int indicatorEnd)
    {
        if (value is ScalarNode { IsEmpty: true, HasProperties: false })
        {
            value.End = indicatorEnd;
        }
    }

    // Anchor and tag may stand on the line above the node.
    private int SkipSpace(int offset)
    {
        while (offset < text.Length)
        {
            if (text[offset] == '#')
            {
                offset = LineMap.EndOf(text, offset);
            }
            else if (text[offset] is ' ' or '\t' || LineMap.BreakLength(text, offset) > 0)
            {
                offset++;
            }
            else
            {
                break;
            }
        }

        return offset;
    }

    // A literal has one line for each line of its value; the blank lines behind it belong to nobody.
    private int EndOfLiteral(int content, string value)
    {
        var lines = value.AsSpan().Count('\n') + (value.Length == 0 || value[^1] == '\n' ? 0 : 1);
        var end = LineMap.EndOf(text, content);
        for (; lines > 0 && end < text.Length; lines--)
        {
            end = LineMap.EndOf(text, end + LineMap.BreakLength(text, end));
        }

        return end;
    }

    private int EndOfFolded(int content, int end)
    {
        var header = LineMap.EndOf(text, content);
        var keepsBlanks = text.AsSpan(content, Math.Min(3, text.Length - content)).IndexOf('+') > 0;
        end = Math.Max(header, LineMap.IsFirst(text, end) ? LineBefore(end) : end);
        while (!keepsBlanks && end > header && IsBlank(end))
        {
            end = LineBefore(end);
        }

        return end;
    }

    private int LineBefore(int offset) => LineMap.BreakBefore(text, LineMap.StartOf(text, offset));

    private bool IsBlank(int lineEnd) =>
        text.AsSpan(LineMap.StartOf(text, lineEnd)..lineEnd).IndexOfAnyExcept(' ') < 0;

    // The parser sees a line break at the end that the text may not have.
    private int Offset(Mark mark) => (int)Math.Min(mark.Index, text.Length);
}
