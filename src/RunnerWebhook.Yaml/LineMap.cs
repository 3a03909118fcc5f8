namespace RunnerWebhook.Yaml;

/// <summary>The lines of a text. Every line break of YAML 1.1 ends a line.</summary>
internal sealed class LineMap
{
    private const string Breaks = "\r\n\u0085\u2028\u2029";
    private readonly List<int> _starts = [0];

    /// <summary>Finds the lines of a text.</summary>
    public LineMap(string text)
    {
        for (var end = EndOf(text, 0); end < text.Length; end = EndOf(text, _starts[^1]))
        {
            _starts.Add(end + BreakLength(text, end));
        }
    }

    /// <summary>The line and column of an offset, counted from 1.</summary>
    public (int Line, int Column) At(int offset)
    {
        var line = _starts.BinarySearch(offset);
        line = line < 0 ? ~line : line + 1;
        return (line, offset - _starts[line - 1] + 1);
    }

    /// <summary>An error at an offset.</summary>
    public YamlError Error(int offset, string message)
    {
        var (line, column) = At(offset);
        return new(line, column, message);
    }

    /// <summary>Where the line that holds an offset starts.</summary>
    public static int StartOf(string text, int offset) =>
        offset == 0 ? 0 : text.AsSpan(0, offset).LastIndexOfAny(Breaks) + 1;

    /// <summary>Where the line that holds an offset ends, before its line break.</summary>
    public static int EndOf(string text, int offset)
    {
        var length = text.AsSpan(offset).IndexOfAny(Breaks);
        return length < 0 ? text.Length : offset + length;
    }

    /// <summary>The length of the line break at an offset; 0 at the end of the text.</summary>
    public static int BreakLength(string text, int offset) =>
        offset >= text.Length ? 0
        : text[offset] == '\r' && offset + 1 < text.Length && text[offset + 1] == '\n' ? 2
        : Breaks.Contains(text[offset], StringComparison.Ordinal) ? 1 : 0;

    /// <summary>Where the line after the one that holds an offset starts, or the end of the text.</summary>
    public static int NextOf(string text, int offset)
    {
        var end = EndOf(text, offset);
        return end + BreakLength(text, end);
    }

    /// <summary>Where the line break before a line starts; 0 for the first line.</summary>
    public static int BreakBefore(string text, int lineStart) =>
        lineStart == 0 ? 0
        : lineStart > 1 && text[lineStart - 1] == '\n' && text[lineStart - 2] == '\r' ? lineStart - 2
        : lineStart - 1;

    /// <summary>Whether only spaces and tabs are before an offset on its line.</summary>
    public static bool IsFirst(string text, int offset) =>
        text.AsSpan(StartOf(text, offset)..offset).IndexOfAnyExcept(' ', '\t') < 0;

    /// <summary>The spaces and tabs that start the line of an offset.</summary>
    public static string IndentOf(string text, int offset)
    {
        var start = StartOf(text, offset);
        var length = text.AsSpan(start).IndexOfAnyExcept(' ', '\t');
        return text.Substring(start, length < 0 ? text.Length - start : length);
    }
}
