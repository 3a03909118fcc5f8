using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Settings;

/// <summary>
/// A value of the configuration while it is read, with its place. Every error is noted, and reading goes on with the default,
/// so that users see all their errors at once. JSON null counts as absent.
/// </summary>
internal sealed class ConfigurationNode
{
    // A file with more errors is no configuration; reading every one of its 100,000 profiles would take seconds.
    private const int MaxErrors = 1_000;
    private const int MaxSuggestions = 100;

    private readonly Func<JsonPointer, int> _lineOf;

    private ConfigurationNode(JsonElement? value, JsonPointer path, ImmutableArray<ConfigurationError>.Builder errors,
        Func<JsonPointer, int> lineOf)
    {
        (Value, Path, Errors, _lineOf) = (value, path, errors, lineOf);
    }

    /// <summary>The value; null if it is absent.</summary>
    public JsonElement? Value { get; }

    public JsonPointer Path { get; }

    public ImmutableArray<ConfigurationError>.Builder Errors { get; }

    /// <summary>Its line in the file, from 1.</summary>
    public int Line => _lineOf(Path);

    /// <summary>Whether there are so many errors that reading on is of no use.</summary>
    public bool IsHopeless => Errors.Count >= MaxErrors;

    public bool IsMapping => Value is { ValueKind: JsonValueKind.Object };

    /// <summary>The name by which its mapping knows it.</summary>
    public string Name => Path.Last;

    /// <summary>The members of a mapping, in their order.</summary>
    public IEnumerable<ConfigurationNode> Members => !IsMapping ? [] : Value!.Value.EnumerateObject().Select(
        member => new ConfigurationNode(Stated(member.Value), Path.Append(member.Name), Errors, _lineOf));

    /// <summary>The type of the value, in YAML's words.</summary>
    public string TypeName => IsMapping ? "a mapping" : JsonTypeName.Of(Value!.Value);

    public static ConfigurationNode Root(JsonElement json, Func<JsonPointer, int> lineOf) =>
        new(json, JsonPointer.Root, ImmutableArray.CreateBuilder<ConfigurationError>(), lineOf);

    /// <summary>The member of a name, which may be absent.</summary>
    public ConfigurationNode Member(string name) => new(IsMapping && Value!.Value.TryGetProperty(name, out var member)
        ? Stated(member) : null, Path.Append(name), Errors, _lineOf);

    /// <summary>The elements of a list; none, and an error, if the value is something else.</summary>
    public ConfigurationNode[] Items() => Value is { ValueKind: JsonValueKind.Array } list
        ? [.. list.EnumerateArray().Select((item, index) => new ConfigurationNode(item, Path.Append(index), Errors, _lineOf))]
        : Fail<ConfigurationNode[]>($"must be a list of mappings, but is {TypeName}", []);

    /// <summary>Whether the value is a mapping. If it is something else, that is noted; so is every unknown key.</summary>
    public bool IsMappingOf(params IReadOnlyCollection<string> known)
    {
        if (!IsMapping)
        {
            var engine = Value is { ValueKind: JsonValueKind.String } word && known.Contains("kind")
                && EngineName.TryParse(word.GetString()!) is { } kind ? $": write {{kind: {EngineName.Of(kind)}}}" : "";
            return Value is not null && Fail($"must be a mapping, but is {TypeName}{engine}", false);
        }

        foreach (var member in known.Count > 0 ? Members.Where(member => !known.Contains(member.Name)) : [])
        {
            member.KeyError($"unknown key{member.Near(known)}{member.Home()}; known here: {string.Join(", ", known)}");
        }

        return true;
    }

    /// <summary>The text; null, and an error, if the value is something else.</summary>
    public string? Text()
    {
        if (Value is { ValueKind: JsonValueKind.String } text)
        {
            return text.GetString();
        }

        var isPlain = Value!.Value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
        return Fail<string?>($"must be a string, but is {TypeName}{(isPlain ? ": put it in quotes" : "")}", null);
    }

    /// <summary>One scalar, or a list of scalars, as texts; null, and an error, if the value is something else. Numbers and
    /// booleans keep their spelling.</summary>
    public ImmutableArray<string>? Texts()
    {
        var isList = Value!.Value.ValueKind == JsonValueKind.Array;
        var elements = isList ? [.. Value.Value.EnumerateArray()] : ImmutableArray.Create(Value.Value);
        foreach (var wrong in elements.Where(element => !IsScalar(element)).Take(1))
        {
            var type = wrong.ValueKind == JsonValueKind.Object ? "a mapping" : JsonTypeName.Of(wrong);
            return Fail<ImmutableArray<string>?>(
                $"must be a value or a list of values, but {(isList ? "holds" : "is")} {type}", null);
        }

        return [.. elements.Select(element => element.ValueKind == JsonValueKind.String
            ? element.GetString()! : element.GetRawText())];
    }

    /// <summary>"Did you mean", while there are few errors: the search takes its time, and a file with hundreds of unknown
    /// keys is no configuration.</summary>
    public string Near(IEnumerable<string> known) => Errors.Count < MaxSuggestions ? Suggestion.For(Name, known) : "";

    // The level that a key is known on.
    private string Home() => (Path.Tokens.Length, RegisterOptions.Find(Name)) switch
    {
        (1, _) when ProfileKeys.Names.Contains(Name) => $"; it belongs to a profile: profiles.{WellKnown.DefaultProfile}.{Name}",
        (3, not null) when Path.Tokens[0] == "profiles" => $"; it belongs to register: "
            + $"{string.Join('.', Path.Tokens[..2])}.register.{Name}",
        _ => "",
    };

    public void Error(string problem) => Errors.Add(new(Path, problem));

    /// <summary>Notes that the key is wrong, and not its value.</summary>
    public void KeyError(string problem) => Errors.Add(new(Path, problem, Key: true));

    /// <summary>Notes an error, and goes on with a value.</summary>
    public T Fail<T>(string problem, T unset)
    {
        Error(problem);
        return unset;
    }

    private static JsonElement? Stated(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value;

    private static bool IsScalar(JsonElement value) => value.ValueKind
        is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
}
