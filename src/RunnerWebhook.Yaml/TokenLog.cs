using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace RunnerWebhook.Yaml;

/// <summary>
/// A scanner that notes where the indicators are which the parser's events do not tell: hyphens, colons, question
/// marks, anchors and tags.
/// </summary>
internal sealed class TokenLog(IScanner inner) : IScanner
{
    private readonly List<int> _dashes = [];
    private readonly List<int> _colons = [];
    private readonly List<int> _questions = [];
    private readonly List<(int Start, int End)> _properties = [];

    /// <inheritdoc/>
    public Mark CurrentPosition => inner.CurrentPosition;

    /// <inheritdoc/>
    public Token? Current => inner.Current;

    /// <summary>The first hyphen at or behind a place.</summary>
    public int DashFrom(int offset) => First(_dashes, offset) ?? offset;

    /// <summary>The first colon in a range, or -1.</summary>
    public int Colon(int from, int to) => First(_colons, from) is { } at && at < to ? at : -1;

    /// <summary>Whether there is a question mark in a range.</summary>
    public bool HasQuestion(int from, int to) => First(_questions, from) is { } at && at < to;

    /// <summary>Behind the last anchor or tag in a range, or its start where there is none.</summary>
    public int PropertiesEnd(int from, int to)
    {
        var at = _properties.BinarySearch((from, 0));
        var end = from;
        for (at = at < 0 ? ~at : at; at < _properties.Count && _properties[at].Start < to; at++)
        {
            end = _properties[at].End;
        }

        return end;
    }

    /// <inheritdoc/>
    public bool MoveNext() => throw new NotSupportedException("The parser does not use this.");

    /// <inheritdoc/>
    public bool MoveNextWithoutConsuming()
    {
        var moved = inner.MoveNextWithoutConsuming();
        if (moved)
        {
            Note(inner.Current!);
        }

        return moved;
    }

    /// <inheritdoc/>
    public void ConsumeCurrent() => inner.ConsumeCurrent();

    private static int? First(List<int> places, int offset)
    {
        var at = places.BinarySearch(offset);
        at = at < 0 ? ~at : at;
        return at < places.Count ? places[at] : null;
    }

    private void Note(Token token)
    {
        var start = (int)token.Start.Index;
        switch (token)
        {
            case BlockEntry:
                _dashes.Add(start);
                break;
            case Value:
                _colons.Add(start);
                break;
            case Key when token.End.Index > token.Start.Index:
                _questions.Add(start);
                break;
            case Anchor or Tag:
                _properties.Add((start, (int)token.End.Index));
                break;
        }
    }
}
