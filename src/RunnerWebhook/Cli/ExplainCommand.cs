using System.CommandLine;
using System.Globalization;
using RunnerWebhook.Core.Explaining;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Manifests;

namespace RunnerWebhook.Cli;

/// <summary><c>explain</c>: for each object every gate passed or failed, and each setting with its origin.</summary>
internal static class ExplainCommand
{
    /// <summary>The command <c>explain</c>.</summary>
    public static Command Create(Terminal terminal)
    {
        var input = new ManifestOptions();
        var options = new InjectorOptions();
        var output = new Option<string>("--output", "-o")
        {
            Description = "table or json",
            HelpName = "table|json",
            DefaultValueFactory = _ => "table",
        };
        output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("explain", "Show whether each object is injected and why, and where each setting comes from")
        {
            input.Files, input.Recursive, options.Config, options.KubernetesVersion, output,
        };
        command.SetAction(result => options.Load(result, terminal) is { } injector
            ? Run(terminal, input.Read(result, terminal), injector, result.GetValue(output) == "json")
            : ExitCode.Usage);
        return command;
    }

    private static int Run(Terminal terminal, ManifestSource[]? sources, Injector injector, bool asJson)
    {
        if (sources is null)
        {
            return ExitCode.Usage;
        }

        var namespaces = NamespaceManifests.In(sources, injector.Configuration);
        var explained = new List<(string Place, string Object, Explanation Explanation)>();
        var hasFailed = false;
        foreach (var source in sources)
        {
            var objects = ManifestEditor.Explain(source, injector, namespaces, out var problems) ?? [];
            hasFailed |= !problems.IsEmpty;
            foreach (var problem in problems)
            {
                terminal.Error.WriteLine(problem);
            }

            explained.AddRange(objects.Select(item => (
                string.Create(CultureInfo.InvariantCulture, $"{source.Name}:{item.Object.Line}"),
                item.Object.DisplayName, item.Explanation)));
        }

        if (explained.Count == 0 && !hasFailed)
        {
            terminal.Error.WriteLine("runner-webhook: nothing to explain: no object with a pod template");
        }

        terminal.Output.Write(asJson ? ExplanationOutput.Json(explained) : ExplanationOutput.Table(explained));
        terminal.Output.Flush();
        return hasFailed || explained.Any(item => item.Explanation.Outcome.IsDenied) ? ExitCode.Failed : ExitCode.Fine;
    }
}
