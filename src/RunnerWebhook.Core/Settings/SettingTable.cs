using System.Text.Json.Nodes;
using static RunnerWebhook.Core.Settings.SchemaNode;

namespace RunnerWebhook.Core.Settings;

/// <summary>The keys of one record of the configuration. Reader, writer, JSON Schema and reference walk them in their
/// order.</summary>
/// <param name="path">The path of the section that the table is; empty for a record of its own.</param>
/// <param name="meaning">What the section is.</param>
/// <param name="unset">The defaults.</param>
internal sealed class SettingTable<T>(string path, string meaning, T unset)
    where T : class
{
    private readonly T _unset = unset;
    private readonly List<SettingKey<T>> _keys = [new(path, meaning)];
    private Action<ConfigurationNode, T> _check = (_, _) => { };

    /// <summary>The keys with values, in their order.</summary>
    public IEnumerable<SettingKey<T>> Keys => _keys.Where(key => key.Kind is not null);

    /// <summary>Adds a key.</summary>
    public SettingTable<T> Key<TValue>(string path, string meaning, SettingKind<TValue> kind,
        Func<T, TValue?> get, Func<T, TValue, T> set, string annotation = "", bool required = false)
    {
        var key = new SettingKey<T>(path, meaning, kind)
        {
            Annotation = annotation,
            IsRequired = required,
            Read = (owner, node) => set(owner, kind.Read(node, get(owner)!)),
            Write = owner => get(owner) is { } value ? kind.Write(value) : null,
            Show = owner => get(owner) is { } value ? kind.Show(value) : null,
        };
        _keys.Add(key with { Default = () => key.Write(_unset) is { } json && key.CanState(_unset, json) ? json : null });
        return this;
    }

    /// <summary>Adds a section whose keys are keys of the same record.</summary>
    public SettingTable<T> Section(string path, string meaning, bool required = false)
    {
        _keys.Add(new(path, meaning) { IsRequired = required });
        return this;
    }

    /// <summary>Adds the keys of a record inside.</summary>
    public SettingTable<T> In<TInner>(SettingTable<TInner> inner, Func<T, TInner?> get, Func<T, TInner, T> set)
        where TInner : class
    {
        _keys.AddRange(inner._keys.Select(key => key.Of(get, set, inner._unset)));
        return this;
    }

    /// <summary>Asks that so many of these keys of the last section are there.</summary>
    public SettingTable<T> Choose(int min, int max, params string[] names)
    {
        var section = _keys.FindLastIndex(key => key.Kind is null);
        _keys[section] = _keys[section] with { Choice = (min, max, names) };
        return this;
    }

    /// <summary>Adds a check of what belongs together, which runs when all keys have been read.</summary>
    public SettingTable<T> Checked(Action<ConfigurationNode, T> check)
    {
        _check = check;
        return this;
    }

    /// <summary>The record that a mapping states, over a given one. Every error is noted.</summary>
    /// <param name="node">The mapping.</param>
    /// <param name="start">The values of keys that it doesn't state.</param>
    /// <param name="stated">Called for each key that it states, with its path.</param>
    public T Read(ConfigurationNode node, T start, Action<string, ConfigurationNode>? stated = null)
    {
        var read = Read(_keys[0], node, start, stated ?? ((_, _) => { }));
        _check(node, read);
        return read;
    }

    private T Read(SettingKey<T> section, ConfigurationNode node, T owner, Action<string, ConfigurationNode> stated)
    {
        var keys = Inside(section);
        if (!node.IsMappingOf([.. keys.Select(key => key.Name)]))
        {
            return owner;
        }

        foreach (var key in keys)
        {
            var member = node.Member(key.Name);
            if (member.Value is null && key.IsRequired)
            {
                member.Error($"is missing, but must be {key.Kind?.Takes ?? "a mapping"}");
            }
            else if (key.Kind is null)
            {
                owner = Read(key, member, owner, stated);
            }
            else if (member.Value is not null)
            {
                owner = key.Read(owner, member);
                Tell(key, member, stated);
            }
        }

        CheckChoice(section, node);
        return owner;
    }

    private static void Tell(SettingKey<T> key, ConfigurationNode node, Action<string, ConfigurationNode> stated)
    {
        if (!key.Kind!.HasFields)
        {
            stated(key.Path, node);
            return;
        }

        foreach (var field in node.Members.Where(field => field.Value is not null))
        {
            stated($"{key.Path}.{field.Name}", field);
        }
    }

    private static void CheckChoice(SettingKey<T> section, ConfigurationNode node)
    {
        var (min, max, names) = section.Choice;
        var given = names.Where(name => node.Member(name).Value is not null).ToArray();
        if (given.Length < min)
        {
            node.Error("needs " + (names.Length <= 3 ? string.Join(" or ", names) : $"at least one key, such as {names[0]}"));
        }
        else if (given.Length > max)
        {
            node.Member(given[^1]).Error($"can't be given together with {given[0]}: use one of them");
        }
    }

    private SettingKey<T>[] Inside(SettingKey<T> section) =>
        [.. _keys.Where(key => key.Section == section.Path && key.Path != section.Path)];

    /// <summary>A record as the configuration file states it, every value stated.</summary>
    public JsonObject ToJson(T owner) => ToJson(_keys[0], owner);

    private JsonObject ToJson(SettingKey<T> section, T owner) => new(Inside(section).Select(key =>
        KeyValuePair.Create(key.Name, key.Kind is not null ? key.Show(owner)
            : ToJson(key, owner) is var inner && inner.Any(member => member.Value is not null) ? inner : null)));

    /// <summary>The JSON Schema of the record.</summary>
    public JsonObject Schema() => Schema(_keys[0]);

    private JsonObject Schema(SettingKey<T> key)
    {
        var node = new JsonObject { ["description"] = key.Meaning };
        foreach (var (keyword, value) in key.Kind is null ? OfSection(key) : key.Kind.Schema())
        {
            node[keyword] = value?.DeepClone();
        }

        return node.With("default", key.Default());
    }

    private JsonObject OfSection(SettingKey<T> section)
    {
        var keys = Inside(section);
        var node = Typed("object").With("properties", new JsonObject(keys.Select(key => KeyValuePair.Create(
            key.Name, (JsonNode?)(key.IsRequired ? Schema(key) : Schema(key).OrNull()))))).With("additionalProperties", false);
        var required = keys.Where(key => key.IsRequired).Select(key => (JsonNode?)key.Name).ToArray();
        node = required.Length > 0 ? node.With("required", new JsonArray(required)) : node;
        var (min, max, names) = section.Choice;
        var choice = new JsonObject();
        choice = min > 0 ? choice.With("anyOf", new JsonArray([.. names.Select(Stated)])) : choice;
        choice = max == 1 ? choice.With("not", new JsonObject { ["allOf"] = new JsonArray([.. names.Select(Stated)]) }) : choice;
        return choice.Count == 0 ? node : node.With("if", Typed("object")).With("then", choice);
    }

    /// <summary>The lines of the reference.</summary>
    /// <param name="prefix">What comes before each path; the record itself has a line too if it isn't empty.</param>
    public IEnumerable<SettingRow> Reference(string prefix) => _keys.Where(key => (prefix + key.Path).Length > 0)
        .SelectMany(key => new[] { Row(prefix, key) }.Concat(key.Kind?.Inner(prefix + key.Path) ?? []));

    private static SettingRow Row(string prefix, SettingKey<T> key) =>
        new((key.Path.Length > 0 ? prefix + key.Path : prefix).TrimEnd('.'), key.Kind?.Takes ?? "a mapping", key.Meaning)
        {
            Annotation = key.Annotation,
            Default = key.Default()?.ToJsonString() ?? "",
        };
}
