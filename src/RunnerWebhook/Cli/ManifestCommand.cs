using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Manifests;

namespace RunnerWebhook.Cli;

/// <summary>Manifests in, edited manifests out, offline.</summary>
internal abstract class ManifestCommand : Verb
{
    private const int FilesAtATime = 64;

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

    /// <summary>Why there is nothing to do, if there is nothing.</summary>
    protected virtual string Nothing => $"no workload with the label {WellKnown.InjectLabel}: {WellKnown.InjectValue}";

    /// <summary>Prepares the edit of each file.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="sources">All files, which are read as often as they are asked for.</param>
    protected abstract Func<ManifestSource, ManifestResult> Edit(ParseResult result, IEnumerable<ManifestSource> sources);

    protected override Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        var format = result.GetValue(_diff) ? OutputFormat.Diff
            : result.GetValue(_output) is { } word ? Formats[word] : OutputFormat.Same;
        var files = _input.Find(result, Terminal);
        using var output = ManifestOutput.Of(format);
        CommandException.Reading(() => Collect(files, Edit(result, files.Select(read => read())), output));
        output.Print(Terminal);
        return Task.FromResult(ExitCode.Fine);
    }

    private void Collect(
        ImmutableArray<Func<ManifestSource>> files, Func<ManifestSource, ManifestResult> edit, ManifestOutput output)
    {
        var (hasFailed, isNews, done) = (false, false, 0);
        var (isDoubtful, isAnswered) = (false, false);
        var guesses = new List<string>();
        string? kustomization = null;
        foreach (var file in InOrder(files, edit))
        {
            Terminal.Progress("");
            isNews |= Report(file);
            kustomization ??= Path.GetFileNameWithoutExtension(file.Source.Name) == "kustomization" ? file.Source.Name : null;
            guesses.AddRange(file.Objects.SelectMany(item => item.Outcome.Guesses).Except(guesses));
            hasFailed |= file.HasFailed || (NeedsAnswers && file.Unanswered.Any(item => item.Label.IsMissed));
            isDoubtful |= NeedsAnswers && file.Unanswered.Any(item => item.Label.IsDoubtful);
            isAnswered |= file.Objects.Any(item => IsReported(item.Outcome));
            if (!hasFailed)
            {
                output.Add(file);
            }

            Terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"{++done} of {files.Length} files"));
        }

        Terminal.Progress("");
        // They are about the cluster: once, not once an object.
        foreach (var guess in guesses)
        {
            Terminal.Say($"note: {guess}");
        }

        if (!isNews)
        {
            Terminal.Say($"nothing to do: {Nothing}");
            if (kustomization is not null)
            {
                Terminal.Say($"note: {kustomization} is not built: kubectl kustomize {Path.GetDirectoryName(kustomization)} | "
                    + $"{WellKnown.Program} {Name} -f -");
            }
        }

        if (hasFailed || (isDoubtful && !isAnswered))
        {
            // Without output a pipe into kubectl applies all or nothing.
            throw CommandException.Failed("no output written because of the errors above");
        }
    }

    // A few files at a time, so that memory does not grow with their number.
    private static IEnumerable<ManifestResult> InOrder(
        ImmutableArray<Func<ManifestSource>> files, Func<ManifestSource, ManifestResult> edit) =>
        files.Chunk(FilesAtATime).SelectMany(some => some.Select(read => read()).ToArray()
            .AsParallel().AsOrdered().Select(edit).ToArray());

    // Returns whether there is anything to say.
    private bool Report(ManifestResult file)
    {
        var lines = file.Errors.Concat(file.Notes.Select(note => $"{note}; remove one of them"))
            .Concat(file.Unanswered.Select(item => $"{At(file, item.Object)}: not injected: {item.Object.DisplayName}: "
                + item.Label.Problem))
            .Concat(file.Objects.Where(item => IsReported(item.Outcome)).SelectMany(item => item.Outcome.Advice
                .Except(item.Outcome.Guesses).Select(advice => $"{At(file, item.Object)}: note: {advice}")
                .Prepend($"{At(file, item.Object)}: {item.Outcome.Code.Text()}: {item.Outcome.Sentence}")));
        Terminal.List(lines);
        return !file.Errors.IsEmpty || file.Unanswered.Any() || file.Objects.Any(item => IsReported(item.Outcome));
    }

    private static string At(ManifestResult file, ManifestObject item) =>
        string.Create(CultureInfo.InvariantCulture, $"{file.Source.Name}:{item.Line}");

    private static bool IsReported(InjectionOutcome outcome) => !ManifestResult.IsSkipped(outcome);
}
