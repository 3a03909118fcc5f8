using System.CommandLine;
using System.Globalization;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Manifests;

namespace RunnerWebhook.Cli;

/// <summary><c>inject</c> and <c>uninject</c>: manifests in, manifests out, offline.</summary>
internal static class ManifestCommand
{
    private static readonly Dictionary<string, OutputFormat> Formats = new(StringComparer.Ordinal)
    {
        ["yaml"] = OutputFormat.Yaml,
        ["json"] = OutputFormat.Json,
        ["patch"] = OutputFormat.Patch,
    };

    /// <summary>The command <c>inject</c>.</summary>
    public static Command Inject(Terminal terminal)
    {
        var options = new InjectorOptions();
        var command = Create("inject", "Print manifests with the runner injected into every labelled workload", terminal,
            result => options.Load(result, terminal) is { } injector
                ? sources => Inject(sources, injector)
                : null);
        command.Options.Add(options.Config);
        command.Options.Add(options.KubernetesVersion);
        return command;
    }

    /// <summary>The command <c>uninject</c>.</summary>
    public static Command Uninject(Terminal terminal) => Create(
        "uninject", "Print manifests as they were before inject", terminal,
        _ => sources => sources.Select(ManifestEditor.Uninject));

    private static IEnumerable<ManifestResult> Inject(ManifestSource[] sources, Injector injector)
    {
        var namespaces = NamespaceManifests.In(sources, injector.Configuration);
        return sources.Select(source => ManifestEditor.Inject(source, injector, namespaces));
    }

    private static Command Create(string name, string description, Terminal terminal,
        Func<ParseResult, Func<ManifestSource[], IEnumerable<ManifestResult>>?> prepare)
    {
        var input = new ManifestOptions();
        var output = new Option<string?>("--output", "-o")
        {
            Description = "yaml, json or patch; without it each file keeps its own format",
            HelpName = "yaml|json|patch",
        };
        output.AcceptOnlyFromAmong([.. Formats.Keys]);
        var diff = new Option<bool>("--diff") { Description = "Print a unified diff instead of the manifests" };
        var command = new Command(name, description) { input.Files, input.Recursive, output, diff };
        command.SetAction(result =>
        {
            if (prepare(result) is not { } edit || input.Read(result, terminal) is not { } sources)
            {
                return ExitCode.Usage;
            }

            var format = result.GetValue(diff) ? OutputFormat.Diff
                : result.GetValue(output) is { } word ? Formats[word] : OutputFormat.Same;
            return Run(terminal, [.. edit(sources)], format);
        });
        return command;
    }

    private static int Run(Terminal terminal, ManifestResult[] results, OutputFormat format)
    {
        Report(terminal.Error, results);
        if (results.Any(result => result.HasFailed))
        {
            // Nothing is printed, so that a pipe into kubectl applies all or nothing.
            terminal.Error.WriteLine("runner-webhook: nothing was printed, because of the errors above");
            return ExitCode.Failed;
        }

        terminal.Output.Write(ManifestOutput.Render(results, format));
        terminal.Output.Flush();
        return ExitCode.Fine;
    }

    private static void Report(TextWriter error, ManifestResult[] results)
    {
        foreach (var result in results)
        {
            foreach (var problem in result.Errors)
            {
                error.WriteLine(problem);
            }

            foreach (var (item, outcome) in result.Objects.Where(item => IsWorthTelling(item.Outcome)))
            {
                var place = string.Create(CultureInfo.InvariantCulture, $"{result.Source.Name}:{item.Line}");
                error.WriteLine($"{place}: {outcome.Code.Text()}: {outcome.Sentence}");
                foreach (var advice in outcome.Advice)
                {
                    error.WriteLine($"{place}: note: {advice}");
                }
            }
        }

        if (!results.Any(result => !result.Errors.IsEmpty || result.Objects.Any(item => IsWorthTelling(item.Outcome))))
        {
            error.WriteLine("runner-webhook: nothing to do: no workload with the label "
                + $"{WellKnown.InjectLabel}: {WellKnown.InjectValue}");
        }
    }

    private static bool IsWorthTelling(InjectionOutcome outcome) =>
        outcome.Code is not (OutcomeCode.LeftAloneNotLabelled or OutcomeCode.LeftAloneUnsupportedKind);
}
