using System.Text;

namespace RunnerWebhook.Yaml;

/// <summary>Reads plain and quoted scalars, anchors, aliases and tags.</summary>
/// <param name="cursor">The place in the text.</param>
/// <param name="isJson">Whether the text is valid JSON.</param>
internal sealed class ScalarScanner(TextCursor cursor, bool isJson)
{
    private readonly StringBuilder _text = new();

    // Space between two words: what it means is known at the second word.
    private readonly StringBuilder _blanks = new();

    /// <summary>A scalar without quotes.</summary>
    /// <param name="indent">The column of the collection that holds it; continued lines are indented more.</param>
    /// <param name="inFlow">Whether it is inside of brackets.</param>
    /// <param name="hasBreak">Whether line breaks follow it.</param>
    public Token Plain(int indent, bool inFlow, out bool hasBreak)
    {
        _text.Clear();
        _blanks.Clear();
        var (start, end) = (cursor.Offset, cursor.Offset);
        hasBreak = false;
        while (!cursor.IsAtDocumentMark('-') && !cursor.IsAtDocumentMark('.') && cursor.Peek() != '#')
        {
            for (; !IsEndOfPlain(inFlow); end = cursor.Offset)
            {
                _text.Append(_blanks).Append(cursor.Peek());
                _blanks.Clear();
                hasBreak = false;
                cursor.Skip();
            }

            if (!TextCursor.IsBlank(cursor.Peek()) && !TextCursor.IsBreak(cursor.Peek()))
            {
                break;
            }

            hasBreak = SkipSpace(noTabBefore: indent + 1, hasBreak: false);
            if (!inFlow && cursor.Column <= indent)
            {
                break;
            }
        }

        return new(TokenKind.Scalar, start, end, _text.ToString());
    }

    /// <summary>A scalar in single or double quotes. Continued lines may be indented as they like.</summary>
    public Token Quoted()
    {
        _text.Clear();
        _blanks.Clear();
        var (start, quote) = (cursor.Offset, cursor.Peek());
        cursor.Skip();
        while (true)
        {
            if (cursor.IsAtDocumentMark('-') || cursor.IsAtDocumentMark('.') || cursor.Peek() == TextCursor.End)
            {
                throw new YamlSyntaxException(start, $"the closing {quote} of this text is missing");
            }

            var hasBreak = ReadWords(quote);
            if (cursor.Peek() == quote)
            {
                break;
            }

            SkipSpace(noTabBefore: -1, hasBreak);
            _text.Append(_blanks);
            _blanks.Clear();
        }

        cursor.Skip();
        var style = quote == '"' ? ScalarStyle.DoubleQuoted : ScalarStyle.SingleQuoted;
        return new(TokenKind.Scalar, start, cursor.Offset, _text.ToString(), style);
    }

    /// <summary>The name of an anchor or an alias.</summary>
    public Token Name(TokenKind kind)
    {
        var start = cursor.Offset;
        cursor.Skip();
        while (IsNamePart(cursor.Peek()))
        {
            cursor.Skip();
        }

        var name = cursor.From(start + 1);
        var isEnded = TextCursor.IsBlankBreakOrEnd(cursor.Peek()) || "?:,]}%@`".Contains(cursor.Peek(), StringComparison.Ordinal);
        return name.Length > 0 && isEnded
            ? new(kind, start, cursor.Offset, name)
            : throw new YamlSyntaxException(start, kind == TokenKind.Alias
                ? "'*' starts an alias, whose name is letters, digits, '-' and '_'; put a text in quotes"
                : "'&' starts an anchor, whose name is letters, digits, '-' and '_'; put a text in quotes");
    }

    /// <summary>A tag, as it is written.</summary>
    public Token Tag()
    {
        var start = cursor.Offset;
        cursor.Skip();
        while (IsNamePart(cursor.Peek()) || ";/?:@&=+$,.!~*'()[]%<>".Contains(cursor.Peek(), StringComparison.Ordinal))
        {
            cursor.Skip();
        }

        return TextCursor.IsBlankBreakOrEnd(cursor.Peek())
            ? new(TokenKind.Tag, start, cursor.Offset, cursor.From(start))
            : throw new YamlSyntaxException(start, "'!' starts a tag, which this is not; put a text in quotes");
    }

    private bool IsEndOfPlain(bool inFlow)
    {
        var c = cursor.Peek();
        return TextCursor.IsBlankBreakOrEnd(c)
            || (c == ':' && TextCursor.IsBlankBreakOrEnd(cursor.Peek(1)))
            || (inFlow && c is ',' or '?' or '[' or ']' or '{' or '}');
    }

    // Up to space or the closing quote; true if an escaped line break ends the words.
    private bool ReadWords(char quote)
    {
        while (isJson ? cursor.Peek() != quote : !TextCursor.IsBlankBreakOrEnd(cursor.Peek()))
        {
            var (c, next) = (cursor.Peek(), cursor.Peek(1));
            if (quote == '\'' && c == '\'' && next == '\'')
            {
                _text.Append('\'');
                cursor.Skip(2);
            }
            else if (c == quote)
            {
                return false;
            }
            else if (quote == '"' && c == '\\' && TextCursor.IsBreak(next))
            {
                cursor.Skip();
                cursor.SkipBreak();
                return true;
            }
            else if (quote == '"' && c == '\\')
            {
                ReadEscape();
            }
            else
            {
                _text.Append(c);
                cursor.Skip();
            }
        }

        return false;
    }

    // One line break becomes a space, more become one less; spaces and tabs around them go.
    private bool SkipSpace(int noTabBefore, bool hasBreak)
    {
        var isEscaped = hasBreak;
        var (first, breaks) = ('\0', new StringBuilder());
        while (TextCursor.IsBlank(cursor.Peek()) || TextCursor.IsBreak(cursor.Peek()))
        {
            if (TextCursor.IsBreak(cursor.Peek()))
            {
                _blanks.Clear();
                var found = cursor.SkipBreak();
                _ = hasBreak ? breaks.Append(found) : null;
                first = hasBreak ? first : found;
                hasBreak = true;
                continue;
            }

            if (hasBreak && cursor.Peek() == '\t' && cursor.Column < noTabBefore)
            {
                throw new YamlSyntaxException(cursor.Offset, "a tab is not allowed as indentation; use spaces");
            }

            _ = hasBreak ? null : _blanks.Append(cursor.Peek());
            cursor.Skip();
        }

        if (hasBreak)
        {
            _ = first == '\n' && breaks.Length == 0 ? _blanks.Append(' ')
                : first == '\n' || isEscaped ? _blanks.Append(breaks)
                : _blanks.Append(first).Append(breaks);
        }

        return hasBreak;
    }

    private void ReadEscape()
    {
        var start = cursor.Offset;
        var kind = cursor.Peek(1);
        var simple = "0abt\tnvfre \"'\\/N_LP".IndexOf(kind, StringComparison.Ordinal);
        var length = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (kind == TextCursor.End || (simple < 0 && length == 0))
        {
            throw new YamlSyntaxException(start, $"\\{kind} is not an escape; write \\\\ for a backslash");
        }

        cursor.Skip(2);
        if (length == 0)
        {
            _text.Append("\0\a\b\t\t\n\v\f\r\u001b \"'\\/\u0085\u00a0\u2028\u2029"[simple]);
            return;
        }

        var code = ReadHex(start, length);
        if (Rune.IsValid(code))
        {
            _text.Append(new Rune(code).ToString());
        }
        else if (length == 4)
        {
            ReadPair(start, (char)code);
        }
        else
        {
            throw new YamlSyntaxException(start, $"{cursor.From(start)} is not a Unicode character");
        }
    }

    // JSON writes large characters as two halves; half a character becomes the replacement character.
    private void ReadPair(int start, char high)
    {
        if (char.IsHighSurrogate(high) && cursor.Peek() == '\\' && cursor.Peek(1) == 'u')
        {
            cursor.Skip(2);
            var low = ReadHex(start, 4);
            if (char.IsLowSurrogate((char)low))
            {
                _text.Append(high).Append((char)low);
                return;
            }

            if (isJson)
            {
                _text.Append('\uFFFD').Append(Rune.IsValid(low) ? (char)low : '\uFFFD');
                return;
            }
        }

        _text.Append(isJson ? '\uFFFD'
            : throw new YamlSyntaxException(start, $"{cursor.From(start)} is not a Unicode character"));
    }

    private int ReadHex(int start, int length)
    {
        long value = 0;
        for (; length > 0; length--)
        {
            var digit = cursor.Peek();
            value = char.IsAsciiHexDigit(digit)
                ? (value << 4) + Convert.ToInt32(digit.ToString(), 16)
                : throw new YamlSyntaxException(start, "this escape lacks hexadecimal digits");
            cursor.Skip();
        }

        return value > int.MaxValue ? -1 : (int)value;
    }

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
