using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>Reads a <see cref="PodTemplate"/> from raw JSON.</summary>
public static class PodTemplateReader
{
    /// <summary>Reads the template at a place of an object.</summary>
    /// <param name="template">The template itself.</param>
    /// <param name="path">Where it lies, for messages and patches.</param>
    /// <param name="problems">Every field of the wrong shape; empty when the result is usable.</param>
    /// <returns>The template, or null if there are problems.</returns>
    public static PodTemplate? Read(JsonElement template, JsonPointer path, out ImmutableArray<FieldProblem> problems)
    {
        var reader = new ShapeReader();
        var metadata = reader.Object(template, path, "metadata");
        var metadataPath = path.Append("metadata");
        var spec = reader.Object(template, path, "spec");
        var specPath = path.Append("spec");
        var result = new PodTemplate
        {
            Path = path,
            Json = template,
            MetadataPresence = ShapeReader.PresenceOf(template, "metadata"),
            AnnotationsPresence = ShapeReader.PresenceOf(metadata, "annotations"),
            Labels = reader.TextMap(metadata, metadataPath, "labels"),
            Annotations = reader.TextMap(metadata, metadataPath, "annotations"),
            InitContainers = Containers(reader, spec, specPath, "initContainers"),
            Containers = Containers(reader, spec, specPath, "containers"),
            Volumes = [.. reader.Objects(spec, specPath, "volumes")
                .Select((volume, index) => ReadVolume(reader, volume, specPath.Append("volumes").Append(index)))],
        };
        reader.Number(spec, specPath, "terminationGracePeriodSeconds");
        problems = reader.Problems;
        return problems.IsEmpty ? result : null;
    }

    private static ImmutableArray<Container> Containers(
        ShapeReader reader, JsonElement? spec, JsonPointer specPath, string list) =>
        [.. reader.Objects(spec, specPath, list)
            .Select((container, index) => ReadContainer(reader, container, index, specPath.Append(list).Append(index)))];

    private static Container ReadContainer(ShapeReader reader, JsonElement json, int index, JsonPointer path)
    {
        // What gets a piece must have room for it.
        reader.Object(reader.Object(json, path, "lifecycle"), path.Append("lifecycle"), "preStop");
        return new(
            index,
            reader.Text(json, path, "name"),
            reader.Text(json, path, "image"),
            [.. reader.Texts(json, path, "command"), .. reader.Texts(json, path, "args")],
            [.. reader.Objects(json, path, "env").Select((env, i) => reader.Text(env, path.Append("env").Append(i), "name"))],
            [.. reader.Objects(json, path, "volumeMounts")
                .Select((mount, i) => ReadMount(reader, mount, path.Append("volumeMounts").Append(i)))],
            json);
    }

    private static VolumeMount ReadMount(ShapeReader reader, JsonElement mount, JsonPointer path) => new(
        reader.Text(mount, path, "name"), reader.Text(mount, path, "mountPath"), reader.Text(mount, path, "subPath"),
        mount.IsTrue("readOnly"));

    private static Volume ReadVolume(ShapeReader reader, JsonElement volume, JsonPointer path)
    {
        var hostPath = reader.Object(volume, path, "hostPath");
        var source = volume.EnumerateObject()
            .Where(member => member.Name != "name" && member.Value.ValueKind != JsonValueKind.Null)
            .Select(member => member.Name).FirstOrDefault();
        return new(
            reader.Text(volume, path, "name"),
            source ?? "emptyDir",
            hostPath is null ? null : reader.Text(hostPath, path.Append("hostPath"), "path"),
            Files(volume));
    }

    // The API server reports what has another shape.
    private static ImmutableArray<string> Files(JsonElement volume) =>
    [
        .. volume.List("secret", "items").Concat(volume.List("configMap", "items"))
            .Select(item => item.Text("path")).Where(path => path.Length > 0),
    ];
}
