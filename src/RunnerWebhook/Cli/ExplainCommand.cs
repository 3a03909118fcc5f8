using System.CommandLine;
using System.Globalization;
using RunnerWebhook.Core.Explaining;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Manifests;

namespace RunnerWebhook.Cli;

/// <summary><c>explain</c>: for each object every gate passed or failed, and each setting with its origin.</summary>
internal sealed class ExplainCommand : Verb
{
    private readonly ManifestOptions _input = new();
    private readonly InjectorOptions _injector = new();
    private readonly Option<string> _output = CommandOption.Output("table or json", "table", "json");

    public ExplainCommand(Terminal terminal)
        : base("explain", "Show whether each object is injected and why, and the origin of each setting", terminal) =>
        Add(_input.Files, _input.Recursive, _injector.Config, _injector.KubernetesVersion, _output);

    protected override Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        var injector = _injector.Load(result);
        var sources = _input.Read(result, Terminal);
        var namespaces = NamespaceManifests.In(sources, injector.Configuration);
        var explained = new List<(string Place, ManifestObject Object, Explanation Explanation)>();
        var hasFailed = false;
        foreach (var source in sources)
        {
            var objects = ManifestEditor.Explain(source, injector, namespaces, out var problems) ?? [];
            hasFailed |= !problems.IsEmpty;
            Terminal.List(problems);
            explained.AddRange(objects.Select(item => (
                OneLine.Of(string.Create(CultureInfo.InvariantCulture, $"{source.Name}:{item.Object.Line}")),
                item.Object, item.Explanation)));
        }

        if (explained.Count == 0 && !hasFailed)
        {
            Terminal.Say("nothing to explain: no object with a pod template");
        }

        Terminal.Print(result.GetValue(_output) == "json"
            ? ExplanationOutput.Json(explained) : ExplanationOutput.Table(explained));
        return Task.FromResult(hasFailed || IsRefused(explained) ? ExitCode.Failed : ExitCode.Fine);
    }

    // As inject judges it, so that a pipeline may use either.
    private static bool IsRefused(List<(string Place, ManifestObject Object, Explanation Explanation)> explained)
    {
        var labels = explained.Select(item => RunnerLabel.Unanswered(item.Object, item.Explanation.Outcome)).ToArray();
        return explained.Any(item => item.Explanation.Outcome.IsDenied)
            || labels.Any(label => label is { IsMissed: true })
            || (labels.Any(label => label is { IsDoubtful: true })
                && explained.All(item => ManifestResult.IsSkipped(item.Explanation.Outcome)));
    }
}
