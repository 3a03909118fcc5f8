using System.Collections.Immutable;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Resolution;

/// <summary>An object whose annotations set values.</summary>
/// <param name="Layer">The layer that they make.</param>
/// <param name="Annotations">All its annotations, other people's among them.</param>
internal sealed record AnnotationSource(SettingLayer Layer, ImmutableDictionary<string, string> Annotations)
{
    private static readonly string[] NoSettings = [WellKnown.ContainerAnnotation, WellKnown.StatusAnnotation];

    /// <summary>The sources of a workload, in the order in which they win. A Pod is its own template.</summary>
    public static ImmutableArray<AnnotationSource> Of(Workload workload)
    {
        var sources = ImmutableArray.CreateBuilder<AnnotationSource>();
        if (workload.NamespaceMetadata is { } metadata)
        {
            sources.Add(new(SettingLayer.Namespace, metadata.Annotations));
        }

        sources.Add(new(SettingLayer.Workload, workload.Annotations));
        if (!workload.Kind.TemplatePath.Tokens.IsEmpty)
        {
            sources.Add(new(SettingLayer.PodTemplate, workload.Template.Annotations));
        }

        return sources.ToImmutable();
    }

    /// <summary>The settings among the annotations, by name without <c>gitlab-runner/</c>, in order.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings => Annotations
        .Where(entry => entry.Key.StartsWith(WellKnown.AnnotationPrefix, StringComparison.Ordinal)
            && !NoSettings.Contains(entry.Key))
        .Select(entry => KeyValuePair.Create(entry.Key[WellKnown.AnnotationPrefix.Length..], entry.Value))
        .OrderBy(entry => entry.Key, StringComparer.Ordinal);

    /// <summary>How messages name an annotation of this source.</summary>
    public string Name(string setting) => Layer == SettingLayer.Namespace
        ? $"annotation {WellKnown.AnnotationPrefix}{setting} of the namespace"
        : $"annotation {WellKnown.AnnotationPrefix}{setting}";

    /// <summary>The origin of the value that an annotation of this source sets.</summary>
    public SettingOrigin Origin(string setting) => new(Layer, $"annotation {WellKnown.AnnotationPrefix}{setting}");
}
