using System.CommandLine;
using RunnerWebhook.Manifests;

namespace RunnerWebhook.Cli;

/// <summary><c>inject</c>: manifests with the runner injected into every labelled workload.</summary>
internal sealed class InjectCommand : ManifestCommand
{
    private readonly InjectorOptions _injector = new();

    public InjectCommand(Terminal terminal)
        : base("inject", "Print manifests with the runner injected into every labelled workload", terminal) =>
        Add(_injector.Config, _injector.KubernetesVersion);

    protected override bool NeedsAnswers => true;

    protected override Func<ManifestSource, ManifestResult> Edit(ParseResult result, IEnumerable<ManifestSource> sources)
    {
        var injector = _injector.Load(result);
        var namespaces = NamespaceManifests.In(sources, injector.Configuration);
        return source => ManifestEditor.Inject(source, injector, namespaces);
    }
}
