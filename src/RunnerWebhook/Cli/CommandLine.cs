using System.CommandLine;
using System.CommandLine.Parsing;

namespace RunnerWebhook.Cli;

/// <summary>All commands.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line and returns its exit code (see <see cref="ExitCode"/>).</summary>
    public static async Task<int> Run(string[] arguments, Terminal terminal)
    {
        var root = new RootCommand("Injects GitLab runners into labelled Kubernetes workloads, as a webhook or offline")
        {
            ServeCommand.Create(terminal),
            ManifestCommand.Inject(terminal),
            ManifestCommand.Uninject(terminal),
            ExplainCommand.Create(terminal),
            CheckCommand.Create(terminal),
            CertsCommand.Create(terminal),
            ConfigCommand.Create(terminal),
            TokenCommand.Create(terminal),
            CompletionCommand.Create(terminal),
        };
        if (arguments is [CommandLineCompletion.Verb, .. var words])
        {
            await terminal.Output.WriteAsync(CommandLineCompletion.Answer(root, words));
            await terminal.Output.FlushAsync();
            return ExitCode.Fine;
        }

        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await terminal.Error.WriteLineAsync($"runner-webhook: {error.Message}");
            }

            await terminal.Error.WriteLineAsync($"Usage: see {PathOf(parsed.CommandResult)} --help");
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(new()
        {
            Output = terminal.Output,
            Error = terminal.Error,
            // The server answers SIGTERM itself, and takes longer over it than the two seconds allowed here.
            ProcessTerminationTimeout = null,
        });
    }

    private static string PathOf(CommandResult command) => command.Parent is CommandResult parent
        ? $"{PathOf(parent)} {command.Command.Name}" : "runner-webhook";
}
