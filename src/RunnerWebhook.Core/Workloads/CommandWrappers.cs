using System.Collections.Frozen;
using System.Collections.Immutable;

namespace RunnerWebhook.Core.Workloads;

/// <summary>Programs that run the program named by their arguments, and words of the shell that do.</summary>
internal static class CommandWrappers
{
    private static readonly FrozenSet<string> ControlWords = FrozenSet.Create(StringComparer.Ordinal,
        "if", "then", "elif", "else", "while", "until", "do", "!", "{", "time", "builtin", "eval", "nohup");

    // Options that take their value as the next word, and how many words come before the program.
    private static readonly FrozenDictionary<string, (string ValueOptions, int Operands)> Programs =
        new Dictionary<string, (string, int)>
        {
            ["chroot"] = ("", 1),
            ["command"] = ("", 0),
            ["dumb-init"] = ("-r --rewrite", 0),
            ["env"] = ("-u --unset -C --chdir", 0),
            ["exec"] = ("-a", 0),
            ["flock"] = ("-w --timeout -E", 1),
            ["gosu"] = ("", 1),
            ["ionice"] = ("-c -n", 0),
            ["nice"] = ("-n --adjustment", 0),
            ["runuser"] = ("-u --user -g --group", 0),
            ["s6-setuidgid"] = ("", 1),
            ["setpriv"] = ("--reuid --regid --groups --inh-caps", 0),
            ["setsid"] = ("", 0),
            ["stdbuf"] = ("-i -o -e", 0),
            ["su-exec"] = ("", 1),
            ["sudo"] = ("-u --user -g --group -C -D -h -p", 0),
            ["timeout"] = ("-k --kill-after -s --signal", 1),
            ["tini"] = ("-p -e", 0),
            ["tini-static"] = ("-p -e", 0),
            ["xargs"] = ("-n -I -P -d -a -L", 0),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether a program runs the one that its arguments name.</summary>
    public static bool IsWrapper(string program) => Programs.ContainsKey(program) || ControlWords.Contains(program);

    /// <summary>The words without the wrapper in front; null if there is none.</summary>
    public static ImmutableArray<string>? Strip(ImmutableArray<string> words)
    {
        var program = ProgramOf(words[0]);
        if (ControlWords.Contains(program))
        {
            return words[1..];
        }

        if (!Programs.TryGetValue(program, out var wrapper))
        {
            return null;
        }

        var at = 1;
        while (at < words.Length && words[at].StartsWith('-'))
        {
            // `command -v` names a program and does not run it.
            if (program == "command" && words[at] is "-v" or "-V")
            {
                return [];
            }

            var isLast = words[at] == "--";
            at += wrapper.ValueOptions.Split(' ').Contains(words[at]) ? 2 : 1;
            if (isLast)
            {
                break;
            }
        }

        return words[Math.Min(at + wrapper.Operands, words.Length)..];
    }

    /// <summary>The words after <c>--</c>, which most programs that run another one take in front of it:
    /// an init, a wait for a port, a loader of secrets. Null if there is none.</summary>
    public static ImmutableArray<string>? AfterDashes(ImmutableArray<string> words) =>
        words.IndexOf("--") is >= 0 and var dashes ? words[(dashes + 1)..] : null;

    /// <summary>The last part of a program's path.</summary>
    public static string ProgramOf(string word) => word[(word.LastIndexOf('/') + 1)..];
}
