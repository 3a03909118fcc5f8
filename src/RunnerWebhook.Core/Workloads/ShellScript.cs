using System.Collections.Immutable;
using System.Text;

namespace RunnerWebhook.Core.Workloads;

/// <summary>
/// Splits a POSIX shell script into its simple commands: quotes, comments, line continuations, redirections and here documents
/// are read as a shell reads them, and nothing is expanded. Control words such as <c>if</c> stay in front of the command.
/// </summary>
internal sealed class ShellScript
{
    // Command substitutions nest; deeper than this is no script that a person wrote.
    private const int MaxDepth = 20;

    private readonly string _text;
    private readonly int _depth;
    private readonly List<ImmutableArray<string>> _commands = [];
    private readonly List<string> _words = [];
    private readonly Queue<string> _hereDocuments = [];
    private readonly StringBuilder _word = new();
    private bool _isInWord;
    private Redirection _pending;
    private int _at;

    private ShellScript(string text, int depth) => (_text, _depth) = (text, depth);

    /// <summary>The first word of a redirection into a file; the second word is the file.</summary>
    public const string Output = ">";

    private enum Redirection
    {
        None,
        Input,
        Output,
        HereDocument,
    }

    /// <summary>The simple commands in their order, each as its words without quotes; a redirection into a file counts as
    /// one.</summary>
    public static ImmutableArray<ImmutableArray<string>> CommandsOf(string text) => new ShellScript(text, 0).Read();

    private ImmutableArray<ImmutableArray<string>> Read()
    {
        while (_at < _text.Length)
        {
            Step();
        }

        EndCommand();
        return [.. _commands];
    }

    private void Step()
    {
        switch (_text[_at])
        {
            case '\\':
                ReadEscape();
                break;
            case '\'':
                var end = IndexOf('\'', _at + 1);
                Append(_text[(_at + 1)..end]);
                _at = end + 1;
                break;
            case '"':
                ReadDoubleQuotes();
                break;
            case '$' or '`':
                ReadExpansion();
                break;
            case '#' when !_isInWord:
                _at = IndexOf('\n', _at);
                break;
            case '\n':
                EndCommand();
                _at++;
                SkipHereDocuments();
                break;
            case ' ' or '\t' or '\r':
                EndWord();
                _at++;
                break;
            case '<' or '>':
                ReadRedirection();
                break;
            case '&' when Next is '>':
                EndWord();
                _at++;
                break;
            case ';' or '&' or '|' or '(' or ')':
                EndCommand();
                _at++;
                break;
            default:
                Append(_text[_at..(_at + 1)]);
                _at++;
                break;
        }
    }

    private char Next => _at + 1 < _text.Length ? _text[_at + 1] : '\0';

    private void ReadEscape()
    {
        if (Next is not ('\n' or '\0'))
        {
            Append(Next.ToString());
        }

        _at += 2;
    }

    private void ReadDoubleQuotes()
    {
        Append("");
        _at++;
        while (_at < _text.Length && _text[_at] != '"')
        {
            if (_text[_at] == '\\' && Next is '"' or '\\' or '$' or '`' or '\n')
            {
                ReadEscape();
            }
            else if (_text[_at] is '$' or '`')
            {
                ReadExpansion();
            }
            else
            {
                Append(_text[_at..(_at + 1)]);
                _at++;
            }
        }

        _at++;
    }

    // What a command substitution runs is run, wherever its output goes.
    private void ReadExpansion()
    {
        var end = _text[_at] == '`' ? IndexOf('`', _at + 1)
            : Next is '(' ? Matching('(', ')', _at + 1)
            : Next is '{' ? Matching('{', '}', _at + 1)
            : _at;
        var isCommand = _text[_at] == '`' || Next is '(';
        if (isCommand && end > _at + 1 && _depth < MaxDepth)
        {
            var inner = _text[(_at + (_text[_at] == '`' ? 1 : 2))..Math.Min(end, _text.Length)];
            _commands.AddRange(new ShellScript(inner, _depth + 1).Read());
        }

        Append(_text[_at..Math.Min(end + 1, _text.Length)]);
        _at = end + 1;
    }

    private void ReadRedirection()
    {
        // The number before it is the descriptor's.
        if (_isInWord && _word.ToString().All(char.IsAsciiDigit))
        {
            _word.Clear();
            _isInWord = false;
        }

        EndWord();
        var start = _at;
        while (_at < _text.Length && _text[_at] is '<' or '>' or '&' or '|' or '-' && _at - start < 3)
        {
            _at++;
        }

        _pending = _text[start.._at] switch
        {
            "<<" or "<<-" => Redirection.HereDocument,
            "<&-" or ">&-" => Redirection.None,
            ['>', ..] => Redirection.Output,
            _ => Redirection.Input,
        };
    }

    private void SkipHereDocuments()
    {
        while (_hereDocuments.TryDequeue(out var delimiter))
        {
            while (_at < _text.Length)
            {
                var end = IndexOf('\n', _at);
                var line = _text[_at..end].Trim();
                _at = Math.Min(end + 1, _text.Length);
                if (line == delimiter)
                {
                    break;
                }
            }
        }
    }

    private void Append(string text)
    {
        _word.Append(text);
        _isInWord = true;
    }

    private void EndWord()
    {
        if (!_isInWord)
        {
            return;
        }

        var word = _word.ToString();
        _word.Clear();
        _isInWord = false;
        if (_pending == Redirection.None)
        {
            _words.Add(word);
        }
        else if (_pending == Redirection.HereDocument)
        {
            _hereDocuments.Enqueue(word);
        }
        else if (_pending == Redirection.Output)
        {
            _commands.Add([Output, word]);
        }

        _pending = Redirection.None;
    }

    private void EndCommand()
    {
        EndWord();
        _pending = Redirection.None;
        if (_words.Count > 0)
        {
            _commands.Add([.. _words]);
            _words.Clear();
        }
    }

    private int IndexOf(char c, int from)
    {
        var index = from < _text.Length ? _text.IndexOf(c, from) : -1;
        return index < 0 ? _text.Length : index;
    }

    private int Matching(char open, char close, int from)
    {
        var depth = 0;
        for (var at = from; at < _text.Length; at++)
        {
            if (_text[at] == '\\')
            {
                at++;
            }
            else if (_text[at] == '\'')
            {
                at = IndexOf('\'', at + 1);
            }
            else if (_text[at] == open)
            {
                depth++;
            }
            else if (_text[at] == close && --depth == 0)
            {
                return at;
            }
        }

        return _text.Length;
    }
}
