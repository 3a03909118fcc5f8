using System.CommandLine;
using System.Globalization;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Manifests;

namespace RunnerWebhook.Cli;

/// <summary>Manifests in, edited manifests out, offline.</summary>
internal abstract class ManifestCommand : Verb
{
    private static readonly Dictionary<string, OutputFormat> Formats = new(StringComparer.Ordinal)
    {
        ["yaml"] = OutputFormat.Yaml,
        ["json"] = OutputFormat.Json,
        ["patch"] = OutputFormat.Patch,
    };

    private readonly ManifestOptions _input = new();

    private readonly Option<string?> _output = CommandOption.Words(
        "--output", "yaml, json or patch; by default each file keeps its own format", [.. Formats.Keys]);

    private readonly Option<bool> _diff = new("--diff") { Description = "Print a unified diff instead of the manifests" };

    protected ManifestCommand(string name, string description, Terminal terminal) : base(name, description, terminal)
    {
        _output.Aliases.Add("-o");
        Add(_input.Files, _input.Recursive, _output, _diff);
    }

    /// <summary>Whether it fails if an object asks for a runner and gets none.</summary>
    protected virtual bool NeedsAnswers => false;

    /// <summary>Prepares the edit of all files together.</summary>
    protected abstract Func<ManifestSource[], IEnumerable<ManifestResult>> Edit(ParseResult result);

    protected override Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        var edit = Edit(result);
        ManifestResult[] results = [.. edit(_input.Read(result, Terminal))];
        Report(results);
        if (results.Any(file => file.HasFailed || (NeedsAnswers && file.Unanswered.Any(item => item.Label.IsMissed))))
        {
            // Without output a pipe into kubectl applies all or nothing.
            throw CommandException.Failed("no output written because of the errors above");
        }

        var format = result.GetValue(_diff) ? OutputFormat.Diff
            : result.GetValue(_output) is { } word ? Formats[word] : OutputFormat.Same;
        var text = ManifestOutput.Render(results, format);
        // Files that share an encoding keep it; a mixture, and what is generated, is UTF-8.
        var encodings = results.Select(file => file.Source.Encoding?.WebName).Distinct().ToArray();
        var encoding = encodings.Length == 1 && format is OutputFormat.Same or OutputFormat.Yaml
            ? results[0].Source.Encoding : null;
        Terminal.Print(format == OutputFormat.Diff && Terminal.HasColour ? Paint.Diff(text) : text, encoding);
        return Task.FromResult(ExitCode.Fine);
    }

    private void Report(ManifestResult[] results)
    {
        foreach (var result in results)
        {
            Terminal.List(result.Errors);
            Terminal.List(result.Notes.Select(note => $"{note}; remove one of them"));
            Terminal.List(result.Unanswered.Select(item => string.Create(CultureInfo.InvariantCulture,
                $"{result.Source.Name}:{item.Object.Line}: not injected: {item.Object.DisplayName}: {item.Label.Problem}")));
            foreach (var (item, outcome) in result.Objects.Where(item => IsReported(item.Outcome)))
            {
                var place = string.Create(CultureInfo.InvariantCulture, $"{result.Source.Name}:{item.Line}");
                Terminal.List([$"{place}: {outcome.Code.Text()}: {outcome.Sentence}",
                    .. outcome.Advice.Select(advice => $"{place}: note: {advice}")]);
            }
        }

        if (!results.Any(result => !result.Errors.IsEmpty || result.Unanswered.Any()
            || result.Objects.Any(item => IsReported(item.Outcome))))
        {
            Terminal.Say($"nothing to do: no workload with the label {WellKnown.InjectLabel}: {WellKnown.InjectValue}");
        }
    }

    private static bool IsReported(InjectionOutcome outcome) =>
        outcome.Code is not (OutcomeCode.LeftAloneNotLabelled or OutcomeCode.LeftAloneUnsupportedKind);
}
