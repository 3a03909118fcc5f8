using System.Globalization;
using System.Text;

namespace RunnerWebhook.Yaml;

/// <summary>Reads literal and folded blocks.</summary>
/// <param name="cursor">The place in the text, at the indicator.</param>
/// <param name="parentIndent">The column of the collection that holds the block; -1 if there is none.</param>
internal sealed class BlockScanner(TextCursor cursor, int parentIndent)
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _breaks = new();
    private int _indent;
    private int _breaksEnd;

    /// <summary>
    /// The block. Its end is that of its last line; blank lines below belong to it only if it keeps them.
    /// </summary>
    public Token Read()
    {
        var (start, isLiteral) = (cursor.Offset, cursor.Peek() == '|');
        cursor.Skip();
        var chomping = ReadHeader(start);
        var end = _breaksEnd = cursor.Offset;
        if (TextCursor.IsBreak(cursor.Peek()))
        {
            cursor.SkipBreak();
        }

        ReadBreaks();
        var (lineBreak, wasMoreIndented) = ('\0', false);
        while (cursor.Column == _indent && cursor.Peek() != TextCursor.End)
        {
            var isMoreIndented = TextCursor.IsBlank(cursor.Peek());
            AppendBreaks(lineBreak, isFolded: !isLiteral && !wasMoreIndented && !isMoreIndented);
            wasMoreIndented = isMoreIndented;
            var line = cursor.Offset;
            cursor.SkipLine();
            _text.Append(cursor.From(line));
            end = _breaksEnd = cursor.Offset;
            // kubectl adds a line break that is missing at the end of a file.
            lineBreak = TextCursor.IsBreak(cursor.Peek()) ? cursor.SkipBreak() : '\n';
            ReadBreaks();
        }

        _ = chomping != '-' && lineBreak != '\0' ? _text.Append(lineBreak) : null;
        _ = chomping == '+' ? _text.Append(_breaks) : null;
        return new(TokenKind.Scalar, start, chomping == '+' ? _breaksEnd : end, _text.ToString(),
            isLiteral ? ScalarStyle.Literal : ScalarStyle.Folded);
    }

    private char ReadHeader(int start)
    {
        var chomping = '\0';
        for (var part = 0; part < 2; part++)
        {
            if (cursor.Peek() is '+' or '-' && chomping == '\0')
            {
                chomping = cursor.Peek();
                cursor.Skip();
            }
            else if (char.IsAsciiDigit(cursor.Peek()) && _indent == 0)
            {
                var increment = CharUnicodeInfo.GetDecimalDigitValue(cursor.Peek());
                _indent = increment > 0 ? Math.Max(0, parentIndent) + increment
                    : throw new YamlSyntaxException(start, "a block cannot be indented by 0 columns");
                cursor.Skip();
            }
        }

        cursor.SkipBlanks();
        if (cursor.Peek() == '#')
        {
            cursor.SkipLine();
        }

        return TextCursor.IsBreakOrEnd(cursor.Peek()) ? chomping
            : throw new YamlSyntaxException(cursor.Offset, "the text of a block starts on the next line");
    }

    // Blank lines up to the next line of the block; the first lines show how far the block is indented.
    private void ReadBreaks()
    {
        var widest = 0;
        while (true)
        {
            while ((_indent == 0 || cursor.Column < _indent) && cursor.Peek() == ' ')
            {
                cursor.Skip();
            }

            widest = Math.Max(widest, cursor.Column);
            if ((_indent == 0 || cursor.Column < _indent) && cursor.Peek() == '\t')
            {
                throw new YamlSyntaxException(cursor.Offset, "a tab is not allowed as indentation; use spaces");
            }

            if (!TextCursor.IsBreak(cursor.Peek()))
            {
                break;
            }

            _breaksEnd = cursor.Offset;
            _breaks.Append(cursor.SkipBreak());
        }

        _indent = _indent > 0 ? _indent : Math.Max(Math.Max(widest, parentIndent + 1), 1);
    }

    private void AppendBreaks(char lineBreak, bool isFolded)
    {
        if (lineBreak != '\0')
        {
            _ = !(isFolded && lineBreak == '\n') ? _text.Append(lineBreak)
                : _breaks.Length == 0 ? _text.Append(' ') : null;
        }

        _text.Append(_breaks);
        _breaks.Clear();
    }
}
