using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Manifests;

/// <summary>The label by which an object asks for a runner, where this program does not act on it.</summary>
/// <param name="Value">The label's value.</param>
/// <param name="Problem">Why there is no runner, and what to do; as part of a sentence.</param>
internal sealed record RunnerLabel(string Value, string Problem)
{
    private static readonly string[] Refusals = ["", "disable", "disabled", "false", "ignore", "no", "none", "off", "skip"];

    // A file may hold the namespace of workloads that are labelled as well.
    private static readonly RunnerLabel OfNamespace = new("", $"the label {WellKnown.InjectLabel} has no effect on a Namespace; "
        + "put it on each DaemonSet, or on the pod template of a Deployment");

    /// <summary>Whether the object should have got a runner and gets none.</summary>
    public bool IsMissed => !Refusals.Contains(Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>The label that is not acted on; null if there is none, or the object runs no pods.</summary>
    public static RunnerLabel? Unanswered(ManifestObject item)
    {
        var kind = item.KindName;
        var values = Owners(item.Json, 0).Select(LabelOf).OfType<string>().ToArray();
        if (item.Kind is null && !IsWorkload(item.Json, kind))
        {
            return kind == "Namespace" && values.Length > 0 ? OfNamespace : null;
        }

        if (values.Length == 0)
        {
            return Owners(item.Json, 0).Select(Misplaced).FirstOrDefault(problem => problem is not null) is { } misplaced
                ? new(WellKnown.InjectValue, misplaced) : null;
        }

        if (!values.Contains(WellKnown.InjectValue))
        {
            return new(values[0], $"the label {WellKnown.InjectLabel} has the value '{values[0]}'; "
                + $"only '{WellKnown.InjectValue}' asks for a runner");
        }

        return item.Kind is null ? new(WellKnown.InjectValue, Unsupported(item)) : null;
    }

    private static string Unsupported(ManifestObject item)
    {
        if (item.IsInArray)
        {
            return "it is in an array, which kubectl does not read; make it a document of its own, or an item of a List";
        }

        var kinds = string.Join(", ", WorkloadKind.All.Select(each => each.Kind));
        return WorkloadKind.All.FirstOrDefault(each => each.Kind == item.KindName) is { } known
            ? item.ApiVersion.Length == 0
                ? $"it has no apiVersion; set {Version(known)}"
                : $"{item.KindName} of {item.ApiVersion} is not supported; use {Version(known)}"
            : item.KindName.Length == 0
                ? $"it has no kind; set one of {kinds}"
                : $"{item.KindName} of {item.ApiVersion} is not supported; use one of {kinds}";
    }

    private static string Version(WorkloadKind kind) => kind.Group.Length > 0 ? kind.Group + "/v1" : "v1";

    // The object itself, and every pod template in it.
    private static IEnumerable<JsonElement> Owners(JsonElement json, int depth)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var below = json.EnumerateObject()
            .Where(member => member.Name == "spec" || (depth > 0 && member.Name is "template" or "jobTemplate" or "workload"))
            .SelectMany(member => Owners(member.Value, depth + 1));
        return below.Prepend(json);
    }

    private static bool IsWorkload(JsonElement json, string kind) =>
        WorkloadKind.All.Any(known => known.Kind == kind)
        || Owners(json, 0).Any(owner =>
            owner.TryGetProperty("containers", out var list) && list.ValueKind == JsonValueKind.Array);

    private static string? LabelOf(JsonElement owner) =>
        owner.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty("labels", out var labels) && labels.ValueKind == JsonValueKind.Object
        && labels.TryGetProperty(WellKnown.InjectLabel, out var value)
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
            : null;

    // What beginners write instead of the label.
    private static string? Misplaced(JsonElement owner)
    {
        const string label = $"{WellKnown.InjectLabel}: {WellKnown.InjectValue}";
        if (owner.At("metadata") is not { ValueKind: JsonValueKind.Object } metadata)
        {
            return null;
        }

        if (metadata.TryGetProperty(WellKnown.InjectLabel, out _))
        {
            return $"metadata.{WellKnown.InjectLabel} is no field of Kubernetes; indent '{label}' below metadata.labels";
        }

        if (metadata.Text("annotations", WellKnown.InjectLabel) == WellKnown.InjectValue)
        {
            return $"'{label}' is an annotation, which asks for nothing; write it below metadata.labels";
        }

        var near = metadata.At("labels") is not { ValueKind: JsonValueKind.Object } labels ? null
            : labels.EnumerateObject().Select(label => label.Name).FirstOrDefault(name =>
                name.Contains("runner", StringComparison.OrdinalIgnoreCase) && labels.Text(name) == WellKnown.InjectValue);
        return near is null ? null : $"the label '{near}' asks for nothing; the label that does is '{label}'";
    }
}
