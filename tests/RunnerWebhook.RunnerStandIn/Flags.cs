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
    public static ImmutableArray<Flag> Unregister { get; } = [.. Common, new("all-runners", "", FlagKind.Boolean), new("name", "")];

    /// <summary>The flags of <c>run</c>.</summary>
    public static ImmutableArray<Flag> Run { get; } =
    [
        .. Common, new("user", ""), new("working-directory", ""), new("listen-address", "LISTEN_ADDRESS"), new("service", ""),
    ];

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <summary>Reads a command line. A word that is no flag ends it, and the rest is dropped, silently.</summary>
    /// <exception cref="UsageException">It can't be read; the help was printed.</exception>
    public static Flags Parse(string[] command, ImmutableArray<Flag> known)
    {
        var flags = new Flags();
        try
        {
            // Defaults come from the environment first, so that the help shows them.
            flags.ReadVariables(known);
            flags.ReadWords(command[1..], known);
            return flags;
        }
        catch (UsageException e)
        {
            e.WriteHelp(command[0], known, flags);
            throw;
        }
    }

    /// <summary>Whether the flag was given.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The value; empty where it was not given.</summary>
    public string Text(string name) => _values.GetValueOrDefault(name)?[^1] ?? "";

    /// <summary>Whether the flag is true.</summary>
    public bool Is(string name) => Text(name) is "true" or "1" or "t" or "T" or "TRUE" or "True";

    /// <summary>All values.</summary>
    public IReadOnlyList<string> List(string name) => _values.GetValueOrDefault(name) ?? [];

    private void ReadVariables(ImmutableArray<Flag> known)
    {
        foreach (var flag in known.Where(flag => flag.Variable.Length > 0))
        {
            // An empty variable counts as none. A list can't be given by one: commas are part of the single value.
            if (Environment.GetEnvironmentVariable(flag.Variable) is { Length: > 0 } value)
            {
                Set(flag, value, $"could not parse {value} as value for flag {flag.Name}: ");
            }
        }
    }

    private void ReadWords(string[] words, ImmutableArray<Flag> known)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < words.Length && words[i].StartsWith('-') && words[i] is not ("--" or "-"); i++)
        {
            var (name, value) = Split(words[i].TrimStart('-'));
            var flag = known.FirstOrDefault(flag => flag.Name == name || (flag.Letter is { } letter && name == letter.ToString()))
                ?? throw new UsageException($"flag provided but not defined: -{name}");
            // A boolean flag takes its value only after '='.
            value ??= flag.Kind == FlagKind.Boolean ? "true" : ++i < words.Length ? words[i]
                : throw new UsageException($"flag needs an argument: -{name}");
            if (given.Add(flag.Name))
            {
                _values.Remove(flag.Name);
            }

            Set(flag, value, $"invalid {(flag.Kind == FlagKind.Boolean ? "boolean " : "")}value \"{value}\" for "
                + $"{(flag.Kind == FlagKind.Boolean ? "" : "flag ")}-{flag.Name}: ");
        }
    }

    private static (string Name, string? Value) Split(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (word, null) : (word[..equals], word[(equals + 1)..]);
    }

    private void Set(Flag flag, string value, string problem)
    {
        var (key, member) = (value.Split(':')[0], value.Split(':', 2) is [_, var rest] ? rest : "");
        var error = flag.Kind switch
        {
            FlagKind.Boolean => GoValue.BooleanProblem(value),
            FlagKind.Number => GoValue.NumberProblem(value),
            FlagKind.Duration => GoValue.DurationProblem(value),
            FlagKind.BooleanMap => GoValue.BooleanProblem(member),
            _ => null,
        };
        if (error is not null)
        {
            throw new UsageException(problem + error);
        }

        var values = _values.GetValueOrDefault(flag.Name) ?? [];
        _values[flag.Name] = flag.Kind switch
        {
            FlagKind.Boolean when value.Length == 0 => ["true"],
            FlagKind.List => [.. values, value],
            FlagKind.Policies => RunnerVersion.IsAtLeast(19, 2)
                ? [.. value.Split(',', StringSplitOptions.TrimEntries)] : [.. values, value],
            FlagKind.TextMap or FlagKind.BooleanMap or FlagKind.ListMap =>
                [.. values.Where(other => other.Split(':')[0] != key), $"{key}:{member}"],
            _ => [value],
        };
    }
}
