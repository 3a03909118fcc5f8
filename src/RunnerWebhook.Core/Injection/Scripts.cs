using System.Text;
using System.Text.RegularExpressions;

namespace RunnerWebhook.Core.Injection;

/// <summary>The shell scripts that run in the pod: fixed POSIX sh, never spliced with a setting. They are stored with every
/// pod, so they lose their comments, their indentation, most line ends and the long names of what is their own.</summary>
public static partial class Scripts
{
    private const string Inclusion = "#include runner.sh\n";
    private const string HereDocumentEnd = "end";

    // After these words no semicolon may follow.
    private static readonly string[] Unfinished = ["in", "do", "then", "else", "while", "until", "{", ";;", "&", "&&", "||", "|"];

    /// <summary>The file that <see cref="Guard"/> leaves next to <c>config.toml</c>; with the argument <c>unregister</c> it
    /// is the preStop hook.</summary>
    public const string HookFile = ".runner.sh";

    /// <summary>Runs <c>gitlab-runner "$@"</c> so that exactly one runner is registered, however often it runs.</summary>
    public static string Guard { get; } =
        Shorten(Read("guard.sh").Replace(Inclusion, Read("runner.sh"), StringComparison.Ordinal));

    /// <summary>With the argument <c>unregister</c>: unregisters before the runner container stops.</summary>
    public static string Hook { get; } = Shorten(Read("runner.sh"));

    /// <summary>Succeeds if the command after the first argument does, which asks the pod's own engine, and opens the socket
    /// <c>$1</c> to runners of any user.</summary>
    public static string EngineReady { get; } = Shorten(Read("engine-ready.sh"));

    /// <summary>Waits until the command <c>"$@"</c>, which asks the pod's own engine, succeeds: two minutes at most.</summary>
    public static string EngineStart { get; } = Shorten(Read("engine-start.sh"));

    /// <summary>Waits until the runner no longer uses the engine of the socket <c>$1</c>.</summary>
    public static string EngineStop { get; } = Shorten(Read("engine-stop.sh"));

    /// <summary>A script without lines that are comments or empty, without indentation, with several commands in a line, and
    /// with one letter for each name that begins with an underscore.</summary>
    private static string Shorten(string script)
    {
        var letters = new Dictionary<string, char>(StringComparer.Ordinal);
        var lines = script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#').ToArray();
        var joined = lines.Select((line, i) => line + Separator(line, lines.ElementAtOrDefault(i + 1)));
        var text = Operator().Replace(
            string.Concat(joined), found => found.Value[0] == ' ' ? found.Value.Trim(' ') : found.Value);
        return OwnName().Replace(text, Letter);

        string Letter(Match name)
        {
            if (!letters.TryGetValue(name.Value, out var letter))
            {
                letters[name.Value] = letter = (char)(letters.Count < 26 ? 'a' + letters.Count : 'A' + letters.Count - 26);
            }

            return letter.ToString();
        }
    }

    // A line end is two characters of JSON, a semicolon one. Texts of several lines and here-documents keep theirs.
    private static char Separator(string line, string? next)
    {
        if (next is null or HereDocumentEnd || line == HereDocumentEnd || line.Contains("<<", StringComparison.Ordinal)
            || line.Count(letter => letter == '"') % 2 > 0 || line.Count(letter => letter == '\'') % 2 > 0)
        {
            return '\n';
        }

        // A pattern of a case ends with the only parenthesis that nothing opens.
        var isPattern = line[^1] == ')' && line.Count(letter => letter == ')') > line.Count(letter => letter == '(');
        return isPattern || next == ";;" || Unfinished.Contains(line[(line.LastIndexOf(' ') + 1)..]) ? ' ' : ';';
    }

    private static string Read(string name)
    {
        using var stream = typeof(Scripts).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    // A quoted text, which stays as it is, or what needs no spaces around it.
    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|'[^']*'| (?:;;|&&|\|\||\|) ?
        """, RegexOptions.CultureInvariant)]
    private static partial Regex Operator();

    [GeneratedRegex("(?<![A-Za-z0-9])_[a-z]+(_[a-z]+)*", RegexOptions.CultureInvariant)]
    private static partial Regex OwnName();
}
