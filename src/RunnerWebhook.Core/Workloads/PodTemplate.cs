using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>
/// A pod or pod template: the fields that the injection looks at, read once and checked for their shape. Everything
/// else stays raw in <see cref="Json"/>, so that fields which this program has never heard of survive.
/// </summary>
public sealed record PodTemplate
{
    /// <summary>Where the template lies in its object: the root for a Pod, <c>/spec/template</c> for a DaemonSet.</summary>
    public required JsonPointer Path { get; init; }

    /// <summary>The template as it was sent.</summary>
    public required JsonElement Json { get; init; }

    /// <summary>Whether the template has <c>metadata</c>.</summary>
    public required Presence MetadataPresence { get; init; }

    /// <summary>Whether the template has <c>metadata.annotations</c>.</summary>
    public required Presence AnnotationsPresence { get; init; }

    /// <summary>The template's labels.</summary>
    public required ImmutableDictionary<string, string> Labels { get; init; }

    /// <summary>Whether the template asks for a runner, and so each pod that is made from it.</summary>
    public bool AsksForRunner => Labels.GetValueOrDefault(WellKnown.InjectLabel) == WellKnown.InjectValue;

    /// <summary>The template's annotations.</summary>
    public required ImmutableDictionary<string, string> Annotations { get; init; }

    /// <summary><c>spec.initContainers</c>.</summary>
    public required ImmutableArray<Container> InitContainers { get; init; }

    /// <summary><c>spec.containers</c>.</summary>
    public required ImmutableArray<Container> Containers { get; init; }

    /// <summary><c>spec.volumes</c>.</summary>
    public required ImmutableArray<Volume> Volumes { get; init; }

    /// <summary>The volume of a name, or null.</summary>
    public Volume? VolumeNamed(string name) => Volumes.FirstOrDefault(volume => volume.Name == name);
}
