using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Check;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Yaml;

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

    private readonly Option<bool> _pre = new("--pre")
    {
        Description = "Check before installing: release, your rights, cert-manager, nodes, leftovers",
    };

    private readonly Option<string?> _diff = CommandOption.Text("--diff",
        "With --config, print what it would change in one workload of the namespace, as a unified diff", "KIND/NAME");

    private readonly Option<string> _output = CommandOption.Output("table or json", "table", "json");

    public CheckCommand(Terminal terminal)
        : base("check", "Check in a cluster that the webhook works and every labelled workload has its runner", terminal)
    {
        Add(_all, _config, _installation, _outdated, _pre, _diff, _output);
        _cluster.AddTo(this);
        Validators.Add(result =>
        {
            if (result.GetValue(_all) && _cluster.NamesNamespace(result))
            {
                result.AddError("--namespace and --all-namespaces exclude each other");
            }

            if (result.GetResult(_diff) is not null && result.GetResult(_config) is null)
            {
                result.AddError("--diff needs --config, whose changes it shows");
            }

            if (result.GetResult(_diff) is { Tokens.Count: 1 } && result.GetValue(_diff) is { } workload
                && workload.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
            {
                result.AddError($"--diff is '{workload}', but must be KIND/NAME, as in daemonset/runner");
            }

            if (result.GetValue(_pre) && (result.GetValue(_outdated) || result.GetResult(_diff) is not null))
            {
                result.AddError("--pre checks before installing: use it without --outdated and --diff");
            }
        });
    }

    protected override async Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        var given = result.GetValue(_config) is { } file ? ReadConfiguration(file) : null;
        using var client = ClusterConnection.Open(_cluster.Read(result), Terminal.Environment);
        var scope = new CheckScope(result.GetValue(_installation)!, result.GetValue(_all) ? null : client.Namespace,
            client.Namespace);
        if (result.GetValue(_pre))
        {
            var builtIn = new CheckedConfiguration("the built-in configuration",
                new(RunnerConfiguration.BuiltIn, ProgramVersion.Text), null, []);
            var preflight = new Preflight(client, scope, Terminal.Environment("PATH"), cancellation);
            return Print(result, await preflight.Run(given ?? builtIn));
        }

        using var survey = new ClusterSurvey(client, scope, cancellation);
        var snapshot = await survey.Take(given, TimeProvider.System.GetUtcNow());
        if (result.GetValue(_diff) is { } workload)
        {
            return Diff(snapshot, workload);
        }

        var results = Checklist.Run(snapshot);
        return Print(result, given is null || !snapshot.Version.Has(out _)
            ? results : [.. results, ChangePreview.Of(snapshot).Result()]);
    }

    private int Diff(ClusterSnapshot snapshot, string workload)
    {
        if (!snapshot.Version.Has(out _))
        {
            throw CommandException.Failed(snapshot.Version.Problem!);
        }

        try
        {
            var (stored, rendered) = ChangePreview.Render(snapshot, workload.Split('/')[0], workload.Split('/')[1])
                ?? throw CommandException.Failed($"there is no labelled {workload} {snapshot.Scope.Where}");
            var diff = UnifiedDiff.Between(Yaml(stored), Yaml(rendered), workload);
            Terminal.Print(Terminal.HasColour ? Paint.Diff(diff) : diff);
            return ExitCode.Fine;
        }
        catch (InvalidOperationException e)
        {
            throw CommandException.Failed(e.Message);
        }
    }

    private static string Yaml(JsonNode json) => YamlWriter.Write(JsonElement.Parse(json.ToJsonString()));

    private int Print(ParseResult result, ImmutableArray<CheckResult> results)
    {
        var shown = result.GetValue(_outdated)
            ? [.. results.Where(line => line.Check is RevisionCheck.Name or ApiCheck.Name && line.State != CheckState.Passed)]
            : results;
        Terminal.Print(result.GetValue(_output) == "json"
            ? CheckOutput.Json(shown) : CheckOutput.Table(shown, Terminal.HasColour));
        return shown.Any(line => line.State == CheckState.Failed) ? ExitCode.Failed : ExitCode.Fine;
    }

    private static CheckedConfiguration ReadConfiguration(string file) =>
        new(file, new(ConfigurationOption.Load(file), ProgramVersion.Text), null, []);
}
