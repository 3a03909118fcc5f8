using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Settings;

/// <summary>One key of the configuration, or a section of keys.</summary>
/// <param name="Path">Its path, as in <c>token.secretName</c>.</param>
/// <param name="Meaning">What it does, in one line.</param>
/// <param name="Kind">What it takes; null for a section.</param>
internal sealed record SettingKey<T>(string Path, string Meaning, SettingKind? Kind = null)
    where T : class
{
    /// <summary>The annotation that sets it, without <c>gitlab-runner/</c>; empty for none.</summary>
    public string Annotation { get; init; } = "";

    /// <summary>Whether it must be there if its section is.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The keys of a section of which at least <c>Min</c> and at most <c>Max</c> must be there.</summary>
    public (int Min, int Max, string[] Names) Choice { get; init; } = (0, int.MaxValue, []);

    /// <summary>The default, as the configuration file states it; null if it has no way to state it.</summary>
    public Func<JsonNode?> Default { get; init; } = () => null;

    /// <summary>The owner with the value of a node.</summary>
    public Func<T, ConfigurationNode, T> Read { get; init; } = (owner, _) => owner;

    /// <summary>The owner's value as the configuration file states it; null for none.</summary>
    public Func<T, JsonNode?> Write { get; init; } = _ => null;

    /// <summary>What may be shown of the owner's value.</summary>
    public Func<T, JsonNode?> Show { get; init; } = _ => null;

    public string Name => Path[(Path.LastIndexOf('.') + 1)..];

    public string Section => Path[..Math.Max(0, Path.LastIndexOf('.'))];

    /// <summary>The same key of a larger record that holds its owner.</summary>
    /// <param name="get">The owner; null if the larger record has none.</param>
    /// <param name="set">The larger record with another owner.</param>
    /// <param name="unset">The owner that a first value is set in.</param>
    public SettingKey<TOuter> Of<TOuter>(Func<TOuter, T?> get, Func<TOuter, T, TOuter> set, T unset)
        where TOuter : class => new(Path, Meaning, Kind)
        {
            Annotation = Annotation,
            IsRequired = IsRequired,
            Choice = Choice,
            Default = Default,
            Read = (outer, node) => set(outer, Read(get(outer) ?? unset, node)),
            Write = outer => get(outer) is { } owner ? Write(owner) : null,
            Show = outer => get(outer) is { } owner ? Show(owner) : null,
        };

    /// <summary>The owner with the value that the text of an annotation means; null if the key doesn't take it.</summary>
    public T? ReadText(T owner, string text) => Kind?.FromText(text) is { } json ? ReadAlone(owner, json) : null;

    /// <summary>Whether the configuration file could state a value. One that it can't state, such as an empty address, counts
    /// as none.</summary>
    public bool CanState(T owner, JsonNode? value) => value is not null && ReadAlone(owner, value) is not null;

    private T? ReadAlone(T owner, JsonNode json)
    {
        var node = ConfigurationNode.Root(JsonText.ToElement(json), _ => 0);
        var read = Read(owner, node);
        return node.Errors.Count == 0 ? read : null;
    }
}
