using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>Reads what is known of a Namespace from raw JSON.</summary>
public static class NamespaceMetadataReader
{
    /// <summary>The labels and our annotations of a Namespace; what has the wrong shape counts as absent.</summary>
    public static NamespaceMetadata Read(JsonElement json)
    {
        var reader = new ShapeReader();
        var metadata = reader.Object(json, JsonPointer.Root, "metadata");
        var annotations = reader.TextMap(metadata, JsonPointer.Root, "annotations");
        return new(reader.TextMap(metadata, JsonPointer.Root, "labels"), annotations.RemoveRange(
            annotations.Keys.Where(key => !key.StartsWith(WellKnown.AnnotationPrefix, StringComparison.Ordinal))));
    }
}
