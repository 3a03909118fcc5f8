using System.Collections.Immutable;

namespace RunnerWebhook.Core.Workloads;

/// <summary>The labels and annotations of the namespace that a workload lies in.</summary>
/// <param name="Labels">The labels, Pod Security's levels among them.</param>
/// <param name="Annotations">The annotations that begin with <see cref="WellKnown.AnnotationPrefix"/>: others can be
/// long, and nothing here reads them.</param>
public sealed record NamespaceMetadata(
    ImmutableDictionary<string, string> Labels, ImmutableDictionary<string, string> Annotations);
