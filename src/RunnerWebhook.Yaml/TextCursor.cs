namespace RunnerWebhook.Yaml;

/// <summary>A place in a text that moves forward and knows its line and column.</summary>
internal sealed class TextCursor(string text)
{
    /// <summary>What <see cref="Peek"/> returns at the end of the text.</summary>
    public const char End = '\0';

    /// <summary>The offset of the next character.</summary>
    public int Offset { get; private set; }

    /// <summary>The number of line breaks before.</summary>
    public int Line { get; private set; }

    /// <summary>The number of characters before, on the same line.</summary>
    public int Column { get; private set; }

    /// <summary>The character at a distance from here.</summary>
    public char Peek(int distance = 0) => Offset + distance < text.Length ? text[Offset + distance] : End;

    /// <summary>Moves past one character that is no line break.</summary>
    public void Skip(int count = 1)
    {
        for (; count > 0; count--, Offset++)
        {
            Column += char.IsLowSurrogate(text[Offset]) ? 0 : 1;
        }
    }

    /// <summary>Moves past a byte order mark, which has no width.</summary>
    public void SkipMark() => Offset++;

    /// <summary>Moves past a line break and returns what it means: all but two are a line feed.</summary>
    public char SkipBreak()
    {
        var first = Peek();
        Offset += LineMap.BreakLength(text, Offset);
        Line++;
        Column = 0;
        return first is '\u2028' or '\u2029' ? first : '\n';
    }

    /// <summary>Moves to the end of the line.</summary>
    public void SkipLine()
    {
        while (!IsBreakOrEnd(Peek()))
        {
            Skip();
        }
    }

    /// <summary>Moves past spaces and tabs.</summary>
    public void SkipBlanks()
    {
        while (IsBlank(Peek()))
        {
            Skip();
        }
    }

    /// <summary>The text from an offset to here.</summary>
    public string From(int start) => text[start..Offset];

    /// <summary>Whether <c>---</c> or <c>...</c> starts the line here.</summary>
    public bool IsAtDocumentMark(char mark) =>
        Column == 0 && Peek() == mark && Peek(1) == mark && Peek(2) == mark && IsBlankBreakOrEnd(Peek(3));

    /// <summary>A space or a tab.</summary>
    public static bool IsBlank(char c) => c is ' ' or '\t';

    /// <summary>A line break.</summary>
    public static bool IsBreak(char c) => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';

    /// <summary>A line break, or the end of the text.</summary>
    public static bool IsBreakOrEnd(char c) => c == End || IsBreak(c);

    /// <summary>A space, a tab, a line break, or the end of the text.</summary>
    public static bool IsBlankBreakOrEnd(char c) => IsBlank(c) || IsBreakOrEnd(c);
}
