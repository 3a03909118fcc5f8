using System.CommandLine;
using RunnerWebhook.Core.Outcomes;
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
        var hasSaid = result.GetValue(_injector.Config) is not null;
        return source =>
        {
            var file = ManifestEditor.Inject(source, injector, namespaces);
            if (file.Objects.Any(item => item.Outcome.Code == OutcomeCode.DeniedSettingMissing)
                && !Interlocked.Exchange(ref hasSaid, true))
            {
                Terminal.Say("note: the built-in configuration names no GitLab: pass yours with --config");
            }

            return file;
        };
    }
}
