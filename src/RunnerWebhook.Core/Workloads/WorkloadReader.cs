using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>Reads a <see cref="Workload"/> from a raw object.</summary>
public static class WorkloadReader
{
    /// <summary>Reads an object.</summary>
    /// <param name="json">The object.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="requestNamespace">The namespace to name where the object itself has none.</param>
    /// <param name="problems">Every field of the wrong shape; empty when the result is usable.</param>
    /// <returns>The workload, or null if there are problems.</returns>
    public static Workload? Read(
        JsonElement json, WorkloadKind kind, string requestNamespace, out ImmutableArray<FieldProblem> problems)
    {
        var reader = new ShapeReader();
        var metadataPath = JsonPointer.Of("metadata");
        var metadata = reader.Object(json, JsonPointer.Root, "metadata");
        var labels = reader.TextMap(metadata, metadataPath, "labels");
        var annotations = reader.TextMap(metadata, metadataPath, "annotations");
        var template = FindTemplate(reader, json, kind.TemplatePath);
        if (template is not { } found)
        {
            problems = reader.Problems;
            return null;
        }

        var pod = PodTemplateReader.Read(found, kind.TemplatePath, out var podProblems);
        problems = [.. reader.Problems.Union(podProblems)];
        return pod is null || !problems.IsEmpty ? null : new Workload
        {
            Kind = kind,
            DisplayName = NameOf(json, kind.Kind, requestNamespace),
            Name = reader.Text(metadata, metadataPath, "name"),
            Surges = Surges(json),
            Namespace = NamespaceOf(reader.Text(metadata, metadataPath, "namespace"), requestNamespace),
            Labels = labels,
            Annotations = annotations,
            BeingDeleted = ShapeReader.PresenceOf(metadata, "deletionTimestamp") == Presence.Present,
            Template = pod,
        };
    }

    // Any shape but a number or percentage of 0 counts: what is no value at all is for the API server to refuse.
    private static bool Surges(JsonElement json)
    {
        var reader = new ShapeReader();
        var strategy = reader.Object(reader.Object(json, JsonPointer.Root, "spec"), JsonPointer.Root, "updateStrategy");
        return reader.Object(strategy, JsonPointer.Root, "rollingUpdate") is { } rolling
            && rolling.TryGetProperty("maxSurge", out var surge)
            && surge.ValueKind != JsonValueKind.Null && surge.ToString() is not ("0" or "0%");
    }

    private static string NamespaceOf(string own, string requested) =>
        own.Length > 0 ? own : requested.Length > 0 ? requested : "default";

    /// <summary>How messages name an object, whatever its shape.</summary>
    public static string NameOf(JsonElement json, string kind, string requestNamespace)
    {
        var reader = new ShapeReader();
        var metadata = reader.Object(json, JsonPointer.Root, "metadata");
        var space = reader.Text(metadata, JsonPointer.Root, "namespace");
        space = space.Length > 0 ? space : requestNamespace;
        return space.Length > 0 ? $"{kind} {space}/{DisplayNameOf(json)}" : $"{kind} {DisplayNameOf(json)}";
    }

    /// <summary>The object's name; its prefix with a star while the API server has yet to make one up.</summary>
    public static string DisplayNameOf(JsonElement json)
    {
        var reader = new ShapeReader();
        var metadata = reader.Object(json, JsonPointer.Root, "metadata");
        var name = reader.Text(metadata, JsonPointer.Root, "name");
        var prefix = reader.Text(metadata, JsonPointer.Root, "generateName");
        return name.Length > 0 ? name : prefix.Length > 0 ? prefix + "*" : "(no name)";
    }

    /// <summary>Whether an object of any shape carries the label, on itself or on its pod template.</summary>
    public static bool AsksForRunner(JsonElement json, WorkloadKind kind) =>
        Label(json, JsonPointer.Root) == WellKnown.InjectValue || Label(json, kind.TemplatePath) == WellKnown.InjectValue;

    private static string? Label(JsonElement json, JsonPointer owner)
    {
        var at = json;
        foreach (var token in owner.Append(JsonPointer.Of("metadata", "labels", WellKnown.InjectLabel)).Tokens)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(token, out at))
            {
                return null;
            }
        }

        return at.ValueKind == JsonValueKind.String ? at.GetString() : null;
    }

    private static JsonElement? FindTemplate(ShapeReader reader, JsonElement json, JsonPointer path)
    {
        JsonElement? at = json;
        var here = JsonPointer.Root;
        foreach (var token in path.Tokens)
        {
            var next = reader.Object(at, here, token);
            if (next is null && reader.Problems.IsEmpty)
            {
                reader.Note(here.Append(token), "an object", default);
            }

            if (next is null)
            {
                return null;
            }

            at = next;
            here = here.Append(token);
        }

        return at;
    }
}
