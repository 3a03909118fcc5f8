namespace RunnerWebhook.Yaml;

/// <summary>A mapping.</summary>
internal sealed class MappingNode : YamlNode
{
    private Dictionary<string, int> _places = [];
    private List<int> _merges = [];
    private int _indexed;

    /// <summary>Whether it is written in flow style.</summary>
    public required bool IsFlow { get; init; }

    /// <summary>Whether it is a flow mapping without braces, as in <c>[a: b]</c>.</summary>
    public bool IsBare { get; init; }

    /// <summary>The pairs as written, with merge keys.</summary>
    public List<YamlPair> Pairs { get; } = [];

    /// <summary>The places of the merge keys.</summary>
    public IReadOnlyList<int> Merges
    {
        get
        {
            Index();
            return _merges;
        }
    }

    /// <summary>The pair with this key as written here, not merged.</summary>
    public YamlPair? Find(string name) => IndexOf(name) is var at and >= 0 ? Pairs[at] : null;

    /// <summary>The place of the last pair with this key as written here, not merged; -1 if there is none.</summary>
    public int IndexOf(string name)
    {
        Index();
        return _places.GetValueOrDefault(name, -1);
    }

    // Pairs are added while the text is read, and looked up afterwards.
    private void Index()
    {
        if (_indexed == Pairs.Count)
        {
            return;
        }

        (_places, _merges, _indexed) = (new(Pairs.Count), [], Pairs.Count);
        foreach (var (at, pair) in Pairs.Index())
        {
            if (pair.IsMerge)
            {
                _merges.Add(at);
            }
            else
            {
                _places[pair.Name] = at;
            }
        }
    }
}
