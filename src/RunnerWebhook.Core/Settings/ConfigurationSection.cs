using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Settings;

/// <summary>
/// One mapping of the configuration while it is read. Every mistake is noted, with its field, and reading goes on with
/// the built-in value, so that users see all their mistakes at once. JSON null counts as absent.
/// </summary>
internal sealed class ConfigurationSection
{
    private const int MaxSuggestions = 100;

    private readonly OrderedDictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly ImmutableArray<ConfigurationError>.Builder _errors;

    private ConfigurationSection(JsonElement? map, JsonPointer path, ImmutableArray<ConfigurationError>.Builder errors)
    {
        Path = path;
        IsMapping = map is not null;
        _errors = errors;
        foreach (var member in map?.EnumerateObject() ?? default)
        {
            _members[member.Name] = member.Value;
        }
    }

    public JsonPointer Path { get; }

    /// <summary>Whether it is there, and is a mapping.</summary>
    public bool IsMapping { get; }

    public static ConfigurationSection Root(JsonElement json, ImmutableArray<ConfigurationError>.Builder errors)
    {
        var root = new ConfigurationSection(null, JsonPointer.Root, errors);
        return new(root.AsMap(json, JsonPointer.Root), JsonPointer.Root, errors);
    }

    /// <summary>Notes every member whose name is not among the known ones.</summary>
    public void AllowOnly(params ReadOnlySpan<string> known)
    {
        var names = known.ToArray();
        foreach (var name in Names.Where(name => !names.Contains(name)))
        {
            KeyError(name, $"unknown key{Near(name, names)}; known here: {string.Join(", ", names)}");
        }
    }

    public IEnumerable<string> Names => _members.Keys;

    public JsonElement? Value(string name) =>
        _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public ConfigurationSection Section(string name)
    {
        var path = Path.Append(name);
        return new(Value(name) is { } value ? AsMap(value, path) : null, path, _errors);
    }

    /// <summary>The mappings of a list.</summary>
    public IEnumerable<ConfigurationSection> Items(string name)
    {
        if (Value(name) is not { } value)
        {
            return [];
        }

        var path = Path.Append(name);
        if (value.ValueKind != JsonValueKind.Array)
        {
            Error(name, $"must be a list of mappings, but is {TypeOf(value)}");
            return [];
        }

        return value.EnumerateArray().Index().Select(item =>
            new ConfigurationSection(AsMap(item.Item, path.Append(item.Index)), path.Append(item.Index), _errors)).ToArray();
    }

    /// <summary>"Did you mean", while there are few mistakes: the search takes its time, and a file with hundreds of
    /// unknown keys is none of ours.</summary>
    public string Near(string name, IEnumerable<string> known) =>
        _errors.Count < MaxSuggestions ? Suggestion.For(name, known) : "";

    public void KeyError(string name, string problem) => _errors.Add(new(Path.Append(name), problem, Key: true));

    public void Error(string name, string problem) => _errors.Add(new(Path.Append(name), problem));

    /// <summary>Notes a mistake of the mapping as a whole.</summary>
    public void ErrorHere(string problem) => _errors.Add(new(Path, problem));

    public string Text(string name, string unset, string rule, Func<string, bool> isValid)
    {
        if (Value(name) is not { } value)
        {
            return unset;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            var isPlain = value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
            Error(name, $"must be a string, but is {TypeOf(value)}{(isPlain ? ": put it in quotes" : "")}");
            return unset;
        }

        var text = value.GetString()!;
        if (isValid(text))
        {
            return text;
        }

        Error(name, $"is '{text}', but must be {rule}");
        return unset;
    }

    public T Word<T>(string name, T unset, params ReadOnlySpan<(string Word, T Meaning)> words)
    {
        var choices = words.ToArray();
        var allowed = string.Join(" or ", choices.Select(choice => choice.Word.Length > 0 ? choice.Word : "\"\""));
        var text = Text(name, "", allowed, word => choices.Any(choice => choice.Word == word));
        return Value(name) is { ValueKind: JsonValueKind.String } && choices.Any(choice => choice.Word == text)
            ? choices.First(choice => choice.Word == text).Meaning
            : unset;
    }

    public bool Boolean(string name, bool unset)
    {
        switch (Value(name)?.ValueKind)
        {
            case null:
                return unset;
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                Error(name, $"must be true or false, but is {TypeOf(Value(name)!.Value)}");
                return unset;
        }
    }

    public int Number(string name, int unset, int min, int max)
    {
        if (Value(name) is not { } value)
        {
            return unset;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max)
        {
            return number;
        }

        var rule = string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}");
        Error(name, $"must be {rule}, but is {Shown(value)}");
        return unset;
    }

    /// <summary>One scalar, or a list of scalars, as texts. Numbers and booleans keep their spelling.</summary>
    public ImmutableArray<string>? Texts(string name)
    {
        if (Value(name) is not { } value)
        {
            return null;
        }

        var elements = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : ImmutableArray.Create(value);
        if (elements.All(IsScalar))
        {
            return [.. elements.Select(element => element.ValueKind == JsonValueKind.String
                ? element.GetString()! : element.GetRawText())];
        }

        var wrong = elements.First(element => !IsScalar(element));
        var verb = value.ValueKind == JsonValueKind.Array ? "holds" : "is";
        Error(name, $"must be a value or a list of values, but {verb} {TypeOf(wrong)}");
        return null;
    }

    private static bool IsScalar(JsonElement value) => value.ValueKind
        is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;

    private static string Shown(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number ? value.GetRawText() : TypeOf(value);

    // YAML's word for it.
    private static string TypeOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? "a mapping" : JsonTypeName.Of(value);

    private JsonElement? AsMap(JsonElement value, JsonPointer path)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            return value;
        }

        _errors.Add(new(path, $"must be a mapping, but is {TypeOf(value)}"));
        return null;
    }
}
