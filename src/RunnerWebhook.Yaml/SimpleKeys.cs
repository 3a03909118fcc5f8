namespace RunnerWebhook.Yaml;

/// <summary>The tokens that turn out to be keys if a colon follows: at most one for each level of brackets.</summary>
/// <param name="cursor">The place in the text.</param>
/// <param name="isJson">Whether the text is valid JSON, in which a key may be as long as it likes.</param>
internal sealed class SimpleKeys(TextCursor cursor, bool isJson)
{
    // A key and its colon are on one line, and at most so far apart.
    private const int MaxLength = 1024;

    private readonly List<Candidate> _levels = [default];

    /// <summary>Whether the place is inside of brackets.</summary>
    public bool IsInFlow => _levels.Count > 1;

    /// <summary>The number of the candidate's token, the first token being 0.</summary>
    public int Token => _levels[^1].Token;

    /// <summary>The candidate's first character.</summary>
    public int Offset => _levels[^1].Offset;

    /// <summary>The candidate's column.</summary>
    public int Column => _levels[^1].Column;

    /// <summary>Makes the next token the candidate.</summary>
    /// <param name="token">The token's number.</param>
    /// <param name="isRequired">Whether the token must be a key, because of its indentation.</param>
    public void Save(int token, bool isRequired)
    {
        Remove();
        _levels[^1] = new(true, isRequired, token, cursor.Offset, cursor.Line, cursor.Column);
    }

    /// <summary>Whether a colon here would make a key of the candidate.</summary>
    public bool IsPossible() => IsPossible(_levels.Count - 1);

    /// <summary>Whether a token may still become a key, on any level.</summary>
    public bool IsUndecided(int token)
    {
        for (var level = 0; level < _levels.Count; level++)
        {
            if (_levels[level].IsPossible && _levels[level].Token == token && IsPossible(level))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the candidate for a key.</summary>
    public void Accept() => _levels[^1] = default;

    /// <summary>Takes the candidate for no key.</summary>
    public void Remove() => Remove(_levels.Count - 1);

    /// <summary>Takes no candidate for a key any more: the text ends.</summary>
    public void RemoveAll()
    {
        for (var level = 0; level < _levels.Count; level++)
        {
            Remove(level);
        }
    }

    /// <summary>Goes into brackets.</summary>
    public void Open() => _levels.Add(default);

    /// <summary>Leaves brackets.</summary>
    public void Close()
    {
        Remove();
        if (IsInFlow)
        {
            _levels.RemoveAt(_levels.Count - 1);
        }
    }

    private bool IsPossible(int level)
    {
        var key = _levels[level];
        if (key.IsPossible && !isJson && (key.Line < cursor.Line || key.Offset + MaxLength < cursor.Offset))
        {
            Remove(level);
        }

        return _levels[level].IsPossible;
    }

    private void Remove(int level)
    {
        if (_levels[level] is { IsPossible: true, IsRequired: true } key)
        {
            throw new YamlSyntaxException(key.Offset, "this line must be a key with a colon, or be indented more");
        }

        _levels[level] = default;
    }

    private readonly record struct Candidate(
        bool IsPossible, bool IsRequired, int Token, int Offset, int Line, int Column);
}
