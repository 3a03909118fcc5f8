namespace RunnerWebhook.Core.Workloads;

/// <summary>Commands that run a shell script.</summary>
public static class ShellCommand
{
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash"];

    /// <summary>The script behind a shell's <c>-c</c>; null where the command is no shell with one.</summary>
    public static string? ScriptOf(IReadOnlyList<string> command)
    {
        if (command.Count == 0 || !Shells.Contains(command[0][(command[0].LastIndexOf('/') + 1)..]))
        {
            return null;
        }

        var flag = command.Index().Skip(1)
            .FirstOrDefault(word => word.Item.StartsWith('-') && word.Item.EndsWith('c')).Index;
        return flag > 0 && flag + 1 < command.Count ? command[flag + 1] : null;
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
