using System.Collections.Immutable;
using System.CommandLine;
using RunnerWebhook.Check;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Cli;

/// <summary><c>check</c>: whether the webhook works in a cluster, and which workloads lack their runner.</summary>
internal sealed class CheckCommand
{
    private readonly ClusterOptions _cluster = new();

    private readonly Option<bool> _all = new("--all-namespaces", "-A")
    {
        Description = "Look at the workloads of all namespaces",
    };

    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = "The configuration file, instead of the installation's own",
        HelpName = "FILE",
    };

    private readonly Option<string> _installation = new("--installation-namespace")
    {
        Description = "The namespace of the webhook itself",
        HelpName = "NAME",
        DefaultValueFactory = _ => CheckScope.Name,
    };

    private readonly Option<bool> _outdated = new("--outdated")
    {
        Description = "Show nothing but workloads that are outdated, with the commands that bring today's settings",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "table or json",
        HelpName = "table|json",
        DefaultValueFactory = _ => "table",
    };

    private CheckCommand() => _output.AcceptOnlyFromAmong("table", "json");

    /// <summary>The command <c>check</c>.</summary>
    public static Command Create(Terminal terminal)
    {
        var check = new CheckCommand();
        var command = new Command("check", "Check in a cluster that the webhook works and every labelled workload has its runner")
        {
            check._all, check._config, check._installation, check._outdated, check._output,
        };
        check._cluster.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(check._all) && check._cluster.NamesNamespace(result))
            {
                result.AddError("--namespace and --all-namespaces exclude each other");
            }
        });
        command.SetAction((result, cancellation) => check.Run(result, terminal, cancellation));
        return command;
    }

    private async Task<int> Run(ParseResult result, Terminal terminal, CancellationToken cancellation)
    {
        var given = result.GetValue(_config) is { } file ? ReadConfiguration(file, terminal) : null;
        if (given is { Injector: null })
        {
            return ExitCode.Usage;
        }

        try
        {
            using var client = ClusterConnection.Open(_cluster.Read(result));
            var scope = new CheckScope(result.GetValue(_installation)!, result.GetValue(_all) ? null : client.Namespace,
                client.Namespace);
            var snapshot = await new ClusterSurvey(client, scope, cancellation).Take(given, TimeProvider.System.GetUtcNow());
            return Print(result, terminal, Checklist.Run(snapshot));
        }
        catch (ApiException e) when (e.Problem == ApiProblem.NotConfigured)
        {
            await terminal.Error.WriteLineAsync($"runner-webhook: {e.Message}");
            return ExitCode.Usage;
        }
    }

    private int Print(ParseResult result, Terminal terminal, ImmutableArray<CheckResult> results)
    {
        var shown = result.GetValue(_outdated)
            ? [.. results.Where(line => line.Check is RevisionCheck.Name or ApiCheck.Name && line.State != CheckState.Passed)]
            : results;
        terminal.Output.Write(result.GetValue(_output) == "json" ? CheckOutput.Json(shown) : CheckOutput.Table(shown));
        terminal.Output.Flush();
        return shown.Any(line => line.State == CheckState.Failed) ? ExitCode.Failed : ExitCode.Fine;
    }

    private static CheckedConfiguration ReadConfiguration(string file, Terminal terminal)
    {
        try
        {
            var read = CheckedConfiguration.Read(file, file, File.ReadAllText(file));
            foreach (var mistake in read.Mistakes)
            {
                terminal.Error.WriteLine(mistake);
            }

            return read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"runner-webhook: {e.Message}");
            return new(file, null, e.Message, []);
        }
    }
}
