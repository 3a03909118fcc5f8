using System.CommandLine;
using System.CommandLine.Parsing;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Cli;

/// <summary>All commands.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line and returns its exit code (see <see cref="ExitCode"/>).</summary>
    public static async Task<int> Run(string[] arguments, Terminal terminal)
    {
        var root = Root(terminal);
        if (arguments is [CommandLineCompletion.Verb, .. var words])
        {
            terminal.Print(CommandLineCompletion.Answer(root, words));
            return ExitCode.Fine;
        }

        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in Problems(parsed))
            {
                terminal.Say(problem.Replace("\t", "", StringComparison.Ordinal));
            }

            await terminal.Error.WriteLineAsync($"Usage: see {PathOf(parsed.CommandResult)} --help");
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(new()
        {
            Output = terminal.Output,
            Error = terminal.Error,
            // The server handles SIGTERM itself, and needs more than the two seconds allowed by default.
            ProcessTerminationTimeout = null,
        });
    }

    /// <summary>The commands and their options.</summary>
    internal static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("Injects GitLab runners into labelled Kubernetes workloads, as a webhook or offline")
        {
            new ServeCommand(terminal),
            new InjectCommand(terminal),
            new UninjectCommand(terminal),
            new ExplainCommand(terminal),
            new PlaygroundCommand(terminal),
            new CheckCommand(terminal),
            new SupportBundleCommand(terminal),
            new CertsCommand(terminal),
            ConfigCommand.Create(terminal),
            new Command("export", "Print the configuration in other forms")
            {
                new ExportAdmissionPolicyCommand(terminal),
            },
            new Command("token", "Create runners in GitLab and keep their tokens in Secrets")
            {
                new TokenCreateCommand(terminal),
                new TokenRotateCommand(terminal),
                new TokenListCommand(terminal),
                new TokenRemoveCommand(terminal),
            },
            new CompletionCommand(terminal),
        };
        RefuseEmptyPaths(root);
        return root;
    }

    // As of a variable of the shell that is not set.
    private static void RefuseEmptyPaths(Command command)
    {
        foreach (var option in command.Options.Where(option => option.HelpName?.Split('|') is { } takes
            && (takes.Contains("FILE") || takes.Contains("DIR"))))
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.Any(token => token.Value.Length == 0))
                {
                    result.AddError($"{option.Name} is empty, but must be {option.HelpName}");
                }
            });
        }

        foreach (var inner in command.Subcommands)
        {
            RefuseEmptyPaths(inner);
        }
    }

    private static bool IsMissingCommand(ParseError error) =>
        error.Message == "Required command was not provided.";

    // After a misspelt command all other words are unknown too, and no command is missing.
    private static IEnumerable<string> Problems(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var word, ..] && word.Length > 0 && word[0] != '-')
        {
            return [$"Unrecognized command or argument '{word}'"
                + (Suggestion.For(word, command.Subcommands.Select(sub => sub.Name)) is { Length: > 0 } meant ? meant : ".")];
        }

        var options = command.Options.Where(option => !option.Hidden).Select(option => option.Name).ToArray();
        return parsed.Errors.Where(error => parsed.Errors.Count == 1 || !IsMissingCommand(error)).Select(error =>
        {
            var wrong = parsed.UnmatchedTokens.FirstOrDefault(token => token.StartsWith("--", StringComparison.Ordinal)
                && error.Message.Contains($"'{token}'", StringComparison.Ordinal));
            var near = wrong is null ? "" : Suggestion.For(wrong.Split('=')[0], options);
            return near.Length > 0 ? error.Message.TrimEnd('.') + near : error.Message;
        });
    }

    private static string PathOf(CommandResult command) => command.Parent is CommandResult parent
        ? $"{PathOf(parent)} {command.Command.Name}" : WellKnown.Program;
}
