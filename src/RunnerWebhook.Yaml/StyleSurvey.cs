
namespace RunnerWebhook.Yaml;

/// <summary>Finds out how a document is written.</summary>
internal sealed class StyleSurvey
{
    private readonly string _text;
    private readonly List<int> _steps = [];
    private readonly List<int> _offsets = [];
    private string? _separator;
    private string? _colon;
    private string? _unit;
    private bool _hasPlainKey;
    private bool _hasQuotedKey;

    private StyleSurvey(string text) => _text = text;

    /// <summary>The style of a document.</summary>
    /// <param name="text">The text that the nodes refer to.</param>
    /// <param name="root">The document.</param>
    public static YamlStyle Of(string text, YamlNode root)
    {
        var survey = new StyleSurvey(text);
        survey.Visit(root);
        var isFlowRoot = root is MappingNode { IsFlow: true } or SequenceNode { IsFlow: true };
        var isJson = !survey._hasPlainKey && (survey._hasQuotedKey || isFlowRoot);
        var colon = isJson ? survey._colon ?? ": " : ": ";
        return new()
        {
            Newline = NewlineOf(text),
            MappingStep = MostCommon(survey._steps),
            SequenceOffset = MostCommon(survey._offsets),
            IsJson = isJson,
            Colon = colon,
            Separator = survey._separator ?? (colon == ":" ? "," : ", "),
            FlowUnit = survey._unit ?? "  ",
        };
    }

    // The first one, except that a lone carriage return before a line feed would be one line break with it.
    private static string NewlineOf(string text)
    {
        var end = LineMap.EndOf(text, 0);
        var first = text.Substring(end, LineMap.BreakLength(text, end));
        return first.Length == 0 || (first == "\r" && text.Contains('\n', StringComparison.Ordinal)) ? "\n" : first;
    }

    private static int MostCommon(List<int> values) =>
        values.Count == 0 ? 2 : values.CountBy(value => value).MaxBy(count => count.Value).Key;

    private void Visit(YamlNode node)
    {
        switch (node)
        {
            case MappingNode { IsFlow: true } mapping:
                if (!mapping.IsBare)
                {
                    VisitFlow(mapping.ContentStart, [.. mapping.Pairs.Select(pair => (pair.Key.Start, pair.End))]);
                }

                mapping.Pairs.ForEach(VisitFlowPair);
                break;
            case MappingNode mapping:
                mapping.Pairs.ForEach(VisitBlockPair);
                break;
            case SequenceNode sequence:
                if (sequence.IsFlow)
                {
                    VisitFlow(sequence.ContentStart, [.. sequence.Items.Select(item => (item.Start, item.End))]);
                }

                sequence.Items.ForEach(Visit);
                break;
        }
    }

    private void VisitBlockPair(YamlPair pair)
    {
        if (pair.Value is MappingNode { IsFlow: false, Pairs: [var first, ..] } child && child.Start > pair.Colon)
        {
            _steps.Add(Column(first.Key.Start) - Column(pair.Key.Start));
        }
        else if (pair.Value is SequenceNode { IsFlow: false, Dashes: [var dash, ..] })
        {
            _offsets.Add(Column(dash) - Column(pair.Key.Start));
        }

        Visit(pair.Value);
    }

    private void VisitFlowPair(YamlPair pair)
    {
        var isQuoted = pair.Key.Style == ScalarStyle.DoubleQuoted;
        _hasQuotedKey |= isQuoted;
        _hasPlainKey |= !isQuoted;
        if (_colon is null && pair.Colon == pair.Key.End && pair.Value.Start > pair.Colon)
        {
            var gap = _text[pair.Colon..pair.Value.Start];
            _colon = gap is ":" or ": " ? gap : null;
        }

        Visit(pair.Value);
    }

    private void VisitFlow(int open, (int Start, int End)[] entries)
    {
        if (entries.Length > 1 && _separator is null)
        {
            var gap = _text[entries[0].End..entries[1].Start];
            _separator = gap is "," or ", " ? gap : null;
        }

        if (entries.Length > 0 && _unit is null && _text.AsSpan(open..entries[0].Start).ContainsAny('\n', '\r'))
        {
            var outer = LineMap.IndentOf(_text, open);
            var inner = LineMap.IndentOf(_text, entries[0].Start);
            _unit = inner.Length > outer.Length && inner.StartsWith(outer, StringComparison.Ordinal)
                ? inner[outer.Length..]
                : null;
        }
    }

    private int Column(int offset) => offset - LineMap.StartOf(_text, offset);
}
