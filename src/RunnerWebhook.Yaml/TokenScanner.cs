namespace RunnerWebhook.Yaml;

/// <summary>
/// Cuts a text into tokens by the rules of kubectl's YAML library, which are older and more tolerant than those of
/// YAML 1.2.
/// </summary>
internal sealed partial class TokenScanner
{
    private const char ByteOrderMark = '\uFEFF';

    private readonly TextCursor _cursor;
    private readonly ScalarScanner _scalars;
    private readonly bool _isJson;
    private readonly List<Token> _tokens = [];
    private readonly Stack<int> _indents = new();
    private readonly SimpleKeys _keys;
    private int _head;
    private int _taken;
    private int _indent = -1;
    private bool _keyAllowed = true;

    /// <summary>Starts at the beginning of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isJson">Whether the text is valid JSON, in which a key may be as long as it likes.</param>
    public TokenScanner(string text, bool isJson)
    {
        _cursor = new(text);
        _scalars = new(_cursor, isJson);
        _keys = new(_cursor, isJson);
        _isJson = isJson;
    }

    private bool IsInFlow => _keys.IsInFlow;

    /// <summary>The next token, which stays the next one.</summary>
    public Token Peek()
    {
        while (_head == _tokens.Count || _keys.IsUndecided(_taken))
        {
            Fetch();
        }

        return _tokens[_head];
    }

    /// <summary>The next token, and moves past it.</summary>
    public Token Take()
    {
        var token = Peek();
        _taken++;
        if (++_head == _tokens.Count)
        {
            _tokens.Clear();
            _head = 0;
        }

        return token;
    }

    private void Fetch()
    {
        SkipToToken();
        Unroll(_cursor.Column);
        var (c, next) = (_cursor.Peek(), _cursor.Peek(1));
        var isAlone = TextCursor.IsBlankBreakOrEnd(next);
        if (c == TextCursor.End)
        {
            FetchEnd();
        }
        else if (c == '%' && _cursor.Column == 0)
        {
            FetchDirective();
        }
        else if (_cursor.IsAtDocumentMark('-') || _cursor.IsAtDocumentMark('.'))
        {
            Break();
            Add(c == '-' ? TokenKind.DocumentStart : TokenKind.DocumentEnd, length: 3);
        }
        else if (c is '[' or '{' or ']' or '}' or ',')
        {
            FetchFlow(c);
        }
        else if (c == '-' && isAlone)
        {
            FetchBlockEntry();
        }
        else if (c == '?' && (IsInFlow || isAlone))
        {
            FetchKey();
        }
        else if (c == ':' && (IsInFlow || isAlone))
        {
            FetchValue();
        }
        else
        {
            FetchContent(c, isAlone);
        }
    }

    private void FetchContent(char c, bool isAlone)
    {
        if (c is '*' or '&')
        {
            FetchName(c == '*' ? TokenKind.Alias : TokenKind.Anchor);
        }
        else if (c == '!')
        {
            SaveKey();
            _keyAllowed = false;
            _tokens.Add(_scalars.Tag());
        }
        else if (c is '|' or '>' && !IsInFlow)
        {
            _keys.Remove();
            _keyAllowed = true;
            _tokens.Add(new BlockScanner(_cursor, _indent).Read());
        }
        else if (c is '\'' or '"')
        {
            SaveKey();
            _keyAllowed = false;
            _tokens.Add(_scalars.Quoted());
        }
        else if (!"-?:,[]{}#&*!|>'\"%@`".Contains(c, StringComparison.Ordinal) && !TextCursor.IsBlank(c)
            || (c == '-' && !TextCursor.IsBlank(_cursor.Peek(1)))
            || (c is '?' or ':' && !IsInFlow && !isAlone))
        {
            SaveKey();
            _keyAllowed = false;
            _tokens.Add(_scalars.Plain(_indent, IsInFlow, out var hasBreak));
            _keyAllowed |= hasBreak;
        }
        else
        {
            throw new YamlSyntaxException(_cursor.Offset, c == '\t'
                ? "a tab is not allowed as indentation; use spaces"
                : $"a value cannot start with '{c}'; put it in quotes");
        }
    }

    // Tabs count as space where no indentation can be meant.
    private void SkipToToken()
    {
        while (true)
        {
            if (_cursor.Column == 0 && _cursor.Peek() == ByteOrderMark)
            {
                _cursor.SkipMark();
            }

            while (_cursor.Peek() == ' ' || (_cursor.Peek() == '\t' && (_isJson || IsInFlow || !_keyAllowed)))
            {
                _cursor.Skip();
            }

            if (_cursor.Peek() == '#')
            {
                _cursor.SkipLine();
            }

            if (!TextCursor.IsBreak(_cursor.Peek()))
            {
                return;
            }

            _cursor.SkipBreak();
            _keyAllowed |= !IsInFlow;
        }
    }

    private void FetchEnd()
    {
        Unroll(-1);
        _keys.RemoveAll();
        _keyAllowed = false;
        _tokens.Add(new(TokenKind.StreamEnd, _cursor.Offset, _cursor.Offset));
    }

    private void FetchDirective()
    {
        Break();
        var start = _cursor.Offset;
        _cursor.SkipLine();
        _tokens.Add(new(TokenKind.Directive, start, _cursor.Offset, _cursor.From(start)));
    }

    private void FetchName(TokenKind kind)
    {
        SaveKey();
        _keyAllowed = false;
        _tokens.Add(_scalars.Name(kind));
    }

    private void SaveKey()
    {
        if (_keyAllowed)
        {
            _keys.Save(_taken + _tokens.Count - _head, isRequired: !IsInFlow && _indent == _cursor.Column);
        }
    }

    private void Break()
    {
        Unroll(-1);
        _keys.Remove();
        _keyAllowed = false;
    }

    private void Roll(int column, int at, TokenKind kind, int offset)
    {
        if (!IsInFlow && _indent < column)
        {
            _indents.Push(_indent);
            _indent = column;
            _tokens.Insert(at, new(kind, offset, offset));
        }
    }

    private void Unroll(int column)
    {
        while (!IsInFlow && _indent > column)
        {
            _tokens.Add(new(TokenKind.BlockEnd, _cursor.Offset, _cursor.Offset));
            _indent = _indents.Pop();
        }
    }

    private void Add(TokenKind kind, int length = 1)
    {
        _tokens.Add(new(kind, _cursor.Offset, _cursor.Offset + length));
        _cursor.Skip(length);
    }
}
