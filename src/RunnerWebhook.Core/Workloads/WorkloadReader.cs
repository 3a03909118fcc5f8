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
    /// <param name="requestNamespace">The namespace of an object that names none.</param>
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
            Name = json.Text("metadata", "name"),
            Surges = Surges(json),
            Namespace = NamespaceOf(json, requestNamespace) is { Length: > 0 } known ? known : "default",
            Labels = labels,
            Annotations = annotations,
            BeingDeleted = json.At("metadata", "deletionTimestamp") is not null,
            Template = pod,
        };
    }

    // The API server refuses what is neither a number nor a percentage.
    private static bool Surges(JsonElement json) =>
        json.At("spec", "updateStrategy", "rollingUpdate", "maxSurge") is { } surge && surge.ToString() is not ("0" or "0%");

    private static string NamespaceOf(JsonElement json, string requested) =>
        json.Text("metadata", "namespace") is { Length: > 0 } own ? own : requested;

    /// <summary>How messages name an object of any shape.</summary>
    public static string NameOf(JsonElement json, string kind, string requestNamespace)
    {
        var namespaceName = NamespaceOf(json, requestNamespace);
        return namespaceName.Length > 0 ? $"{kind} {namespaceName}/{DisplayNameOf(json)}" : $"{kind} {DisplayNameOf(json)}";
    }

    /// <summary>The object's name; its prefix with a star while the API server has yet to make one up.</summary>
    public static string DisplayNameOf(JsonElement json) =>
        json.Text("metadata", "name") is { Length: > 0 } name ? name
        : json.Text("metadata", "generateName") is { Length: > 0 } prefix ? prefix + "*" : "(no name)";

    /// <summary>Whether an object of any shape carries the label, on itself or on its pod template.</summary>
    public static bool AsksForRunner(JsonElement json, WorkloadKind kind) =>
        Label(json, JsonPointer.Root) == WellKnown.InjectValue || Label(json, kind.TemplatePath) == WellKnown.InjectValue;

    private static string Label(JsonElement json, JsonPointer owner) =>
        json.Text([.. owner.Tokens, "metadata", "labels", WellKnown.InjectLabel]);

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
