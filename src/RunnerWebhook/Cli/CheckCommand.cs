using System.Collections.Immutable;
using System.CommandLine;
using RunnerWebhook.Check;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Cli;

/// <summary><c>check</c>: whether the webhook works in a cluster, and which workloads lack their runner.</summary>
internal sealed class CheckCommand : Verb
{
    private readonly ClusterOptions _cluster = new();

    private readonly Option<bool> _all = new("--all-namespaces", "-A")
    {
        Description = "Check the workloads of all namespaces",
    };

    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = "The configuration file, instead of the installation's own",
        HelpName = "FILE",
    };

    private readonly Option<string> _installation =
        CommandOption.Name("--installation-namespace", "The namespace of the webhook itself", WellKnown.Program);

    private readonly Option<bool> _outdated = new("--outdated")
    {
        Description = "Show only workloads that are outdated, with the commands that bring today's settings",
    };

    private readonly Option<string> _output = CommandOption.Output("table or json", "table", "json");

    public CheckCommand(Terminal terminal)
        : base("check", "Check in a cluster that the webhook works and every labelled workload has its runner", terminal)
    {
        Add(_all, _config, _installation, _outdated, _output);
        _cluster.AddTo(this);
        Validators.Add(result =>
        {
            if (result.GetValue(_all) && _cluster.NamesNamespace(result))
            {
                result.AddError("--namespace and --all-namespaces exclude each other");
            }
        });
    }

    protected override async Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        var given = result.GetValue(_config) is { } file ? ReadConfiguration(file) : null;
        using var client = ClusterConnection.Open(_cluster.Read(result), Terminal.Environment);
        var scope = new CheckScope(result.GetValue(_installation)!, result.GetValue(_all) ? null : client.Namespace,
            client.Namespace);
        using var survey = new ClusterSurvey(client, scope, cancellation);
        var snapshot = await survey.Take(given, TimeProvider.System.GetUtcNow());
        return Print(result, Checklist.Run(snapshot));
    }

    private int Print(ParseResult result, ImmutableArray<CheckResult> results)
    {
        var shown = result.GetValue(_outdated)
            ? [.. results.Where(line => line.Check is RevisionCheck.Name or ApiCheck.Name && line.State != CheckState.Passed)]
            : results;
        Terminal.Print(result.GetValue(_output) == "json" ? CheckOutput.Json(shown) : CheckOutput.Table(shown));
        return shown.Any(line => line.State == CheckState.Failed) ? ExitCode.Failed : ExitCode.Fine;
    }

    private static CheckedConfiguration ReadConfiguration(string file)
    {
        var text = CommandException.Reading(() => File.ReadAllText(file));
        var read = CheckedConfiguration.Read(file, file, text);
        return read.Injector is null ? throw CommandException.Invalid(read.Mistakes) : read;
    }
}
