using System.Collections.Immutable;

namespace RunnerWebhook.RunnerStandIn;

/// <summary>The flags of one call, as gitlab-runner's parser (Go's, not a POSIX one) reads them.</summary>
internal sealed class Flags
{
    private static readonly ImmutableArray<Flag> Common = [new("config", "CONFIG_FILE")];

    /// <summary>The flags of <c>register</c>.</summary>
    public static ImmutableArray<Flag> Register { get; } = [.. Common, .. RegisterFlags.All];

    /// <summary>The flags of <c>verify</c>. Until 19.2 the two filters are taken from the environment as well.</summary>
    public static ImmutableArray<Flag> Verify { get; } = RunnerVersion.IsAtLeast(19, 3)
        ? [.. Common, new("url", ""), new("token", ""), new("name", "")]
        : [.. Common, new("url", "CI_SERVER_URL"), new("token", "CI_SERVER_TOKEN"), new("name", "")];

    /// <summary>The flags of <c>unregister</c>.</summary>
    public static ImmutableArray<Flag> Unregister { get; } = [.. Common, new("all-runners", "", FlagKind.Boolean)];

    /// <summary>The flags of <c>run</c>.</summary>
    public static ImmutableArray<Flag> Run { get; } =
    [
        .. Common, new("user", ""), new("working-directory", ""), new("listen-address", "LISTEN_ADDRESS"), new("service", ""),
    ];

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <summary>Reads a command line. A word that is no flag ends it: what stands behind is dropped, silently.</summary>
    public static Flags Parse(string[] words, ImmutableArray<Flag> known)
    {
        var flags = new Flags();
        for (var i = 0; i < words.Length && words[i].StartsWith('-') && words[i] != "--"; i++)
        {
            var (name, value) = Split(words[i].TrimStart('-'));
            var flag = known.FirstOrDefault(flag => flag.Name == name || (flag.Letter is { } letter && name == letter.ToString()))
                ?? throw new FatalException($"flag provided but not defined: -{name}");
            // A boolean flag takes its value behind '=' only.
            value ??= flag.Kind == FlagKind.Boolean ? "true" : ++i < words.Length ? words[i]
                : throw new FatalException($"flag needs an argument: -{name}");
            flags.Set(flag, value);
        }

        foreach (var flag in known.Where(flag => flag.Variable.Length > 0 && !flags._values.ContainsKey(flag.Name)))
        {
            // An empty variable counts as none. A list can't be given by one: commas are part of the single value.
            if (Environment.GetEnvironmentVariable(flag.Variable) is { Length: > 0 } value)
            {
                flags.Set(flag, value);
            }
        }

        return flags;
    }

    /// <summary>Whether the flag was given.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The value; empty where it was not given.</summary>
    public string Text(string name) => _values.GetValueOrDefault(name)?[^1] ?? "";

    /// <summary>Whether the flag is true.</summary>
    public bool Is(string name) => Text(name) is "true" or "1" or "t" or "T" or "TRUE" or "True";

    /// <summary>All values.</summary>
    public IReadOnlyList<string> List(string name) => _values.GetValueOrDefault(name) ?? [];

    private static (string Name, string? Value) Split(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (word, null) : (word[..equals], word[(equals + 1)..]);
    }

    private void Set(Flag flag, string value)
    {
        var isValid = flag.Kind switch
        {
            FlagKind.Boolean => value is "true" or "false" or "1" or "0" or "t" or "f" or "T" or "F" or "TRUE" or "FALSE" or "True" or "False",
            FlagKind.Number => long.TryParse(value, out _),
            _ => true,
        };
        if (!isValid)
        {
            throw new FatalException($"could not parse {value} as {flag.Kind} value for flag {flag.Name}");
        }

        if (flag.Kind == FlagKind.List && _values.TryGetValue(flag.Name, out var values))
        {
            values.Add(value);
        }
        else
        {
            _values[flag.Name] = [value];
        }
    }
}
