using System.Collections.Immutable;

namespace RunnerWebhook.Core.Workloads;

/// <summary>Commands that run a shell script.</summary>
public static class ShellCommand
{
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "ksh", "mksh", "zsh"];

    /// <summary>Whether a word names a shell.</summary>
    public static bool IsShell(string word) => CommandWrappers.ProgramOf(word) is var program
        && (Shells.Contains(program) || program == "busybox");

    /// <summary>The script after a shell's <c>-c</c>; null if the command is no shell with one.</summary>
    public static string? ScriptOf(ImmutableArray<string> command) =>
        command.IsEmpty ? null : ScriptIn(command)?.Script;

    /// <summary>The script that a shell gets by <c>-c</c>, and its arguments <c>$1</c>, <c>$2</c> and so on; null if the words
    /// are no shell with a script.</summary>
    public static (string Script, ImmutableArray<string> Arguments)? ScriptIn(ImmutableArray<string> words)
    {
        var at = CommandWrappers.ProgramOf(words[0]) is "busybox" && words.Length > 1 ? 1 : 0;
        var isSu = CommandWrappers.ProgramOf(words[at]) is "su" or "runuser" or "flock";
        if (!isSu && !Shells.Contains(CommandWrappers.ProgramOf(words[at])))
        {
            return null;
        }

        var hasFlag = false;
        for (at++; at < words.Length; at++)
        {
            var word = words[at];
            if (hasFlag && !word.StartsWith('-') && !word.StartsWith('+'))
            {
                return (word, at + 2 < words.Length ? words[(at + 2)..] : []);
            }

            hasFlag |= word is "--command" || (word.StartsWith('-') && !word.StartsWith("--", StringComparison.Ordinal)
                && word.Contains('c', StringComparison.Ordinal));
            if (word.Length > 1 && word[0] is '-' or '+' && word[1] != '-' && (word.Contains('o') || word.Contains('O')))
            {
                at++;
            }
            else if (!hasFlag && !isSu && !word.StartsWith('-') && !word.StartsWith('+'))
            {
                // A file of commands.
                return null;
            }
        }

        return null;
    }

    /// <summary>Whether a script starts <c>gitlab-runner run</c> as a child of the shell, which signals to the container
    /// then don't reach. A script that sets a trap is taken to pass them on.</summary>
    public static bool SwallowsSignals(string script)
    {
        var statements = script.Split(['\n', ';', '&', '|'])
            .Select(statement => statement.Split(
                [' ', '\t', '(', ')', '{', '}', '"', '\''], StringSplitOptions.RemoveEmptyEntries))
            .ToArray();
        return !statements.Any(words => words.Contains("trap")) && statements.Any(words =>
        {
            var runner = Array.FindIndex(words, word => word == "gitlab-runner"
                || word.EndsWith("/gitlab-runner", StringComparison.Ordinal));
            return runner >= 0 && words.Skip(runner).Contains("run") && !words.Take(runner).Contains("exec");
        });
    }
}
