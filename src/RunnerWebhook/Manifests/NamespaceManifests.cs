using System.Collections.Immutable;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Manifests;

/// <summary>The Namespaces among the manifests: offline, what the webhook knows by watching them.</summary>
internal sealed class NamespaceManifests
{
    private readonly Dictionary<string, NamespaceMetadata> _byName = new(StringComparer.Ordinal);

    private NamespaceManifests()
    {
    }

    /// <summary>The Namespaces of all files. Unless the configuration watches namespaces, their annotations are no layer of
    /// settings.</summary>
    public static NamespaceManifests In(IEnumerable<ManifestSource> sources, RunnerConfiguration configuration)
    {
        var found = new NamespaceManifests();
        var files = sources.Where(source => source.Text.Contains("Namespace", StringComparison.Ordinal))
            .Select(source => YamlFile.Parse(source.Text, out _, lastKeyWins: true));
        foreach (var item in files.OfType<YamlFile>().SelectMany(ManifestObject.In).Where(item => item.KindName == "Namespace"))
        {
            var metadata = NamespaceMetadataReader.Read(item.Json);
            found._byName[WorkloadReader.DisplayNameOf(item.Json)] = configuration.WatchNamespaces
                ? metadata : metadata with { Annotations = ImmutableDictionary<string, string>.Empty };
        }

        return found;
    }

    /// <summary>What is known of a namespace; null if nothing is known.</summary>
    public NamespaceMetadata? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The workload with what is known of its namespace.</summary>
    public Workload AddTo(Workload workload) =>
        workload with { NamespaceMetadata = Find(workload.Namespace) };
}
