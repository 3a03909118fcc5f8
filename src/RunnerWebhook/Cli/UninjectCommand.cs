using System.CommandLine;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Manifests;

namespace RunnerWebhook.Cli;

/// <summary><c>uninject</c>: manifests as they were before <c>inject</c>.</summary>
internal sealed class UninjectCommand(Terminal terminal)
    : ManifestCommand("uninject", "Print manifests as they were before inject", terminal)
{
    protected override string Nothing =>
        $"no workload with the annotation {WellKnown.StatusAnnotation}, the record of an injection";

    protected override Func<ManifestSource, ManifestResult> Edit(ParseResult result, IEnumerable<ManifestSource> sources) =>
        ManifestEditor.Uninject;
}
