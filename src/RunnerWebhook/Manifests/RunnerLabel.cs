using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Manifests;

/// <summary>The label by which an object asks for a runner, where this program does not act on it.</summary>
/// <param name="Value">The label's value.</param>
/// <param name="Problem">Why there is no runner, and what to do; as part of a sentence.</param>
internal sealed record RunnerLabel(string Value, string Problem)
{
    private static readonly string[] Refusals = ["", "disable", "disabled", "false", "ignore", "no", "none", "off", "skip"];

    /// <summary>Whether the object should have got a runner and gets none.</summary>
    public bool IsMissed => !IsStray && !Refusals.Contains(Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the object runs no pods itself, as far as is known here: kustomize labels everything, also where a file
    /// holds the workload that the label is for.</summary>
    public bool IsStray { get; private init; }

    /// <summary>Whether it is a failure that the object gets no runner, if no workload explains the label.</summary>
    public bool IsDoubtful { get; private init; }

    /// <summary>The label that is not acted on, if that is what came of the object; null if there is none.</summary>
    public static RunnerLabel? Unanswered(ManifestObject item, InjectionOutcome outcome) =>
        ManifestResult.IsSkipped(outcome) ? Unanswered(item) : null;

    /// <summary>The label that is not acted on; null if there is none.</summary>
    public static RunnerLabel? Unanswered(ManifestObject item)
    {
        var labels = FoundLabel.In(item.Json).ToArray();
        var asked = Array.Find(labels, label => label.Value == WellKnown.InjectValue);
        if (item.KindName == "Namespace" || !IsWorkload(item))
        {
            return asked is null && (item.KindName != "Namespace" || labels.Length == 0) ? null : Stray(item);
        }

        if (asked is not null)
        {
            return item.Kind is null ? new(WellKnown.InjectValue, Unsupported(item)) : Elsewhere(item.Kind, asked);
        }

        return labels.Length > 0
            ? new(labels[0].Value, $"the label {WellKnown.InjectLabel} has the value '{labels[0].Value}'; "
                + $"only '{WellKnown.InjectValue}' asks for a runner")
            : Owners(item.Json, 0).Select(Misplaced).FirstOrDefault(problem => problem is not null) is { } misplaced
                ? new(WellKnown.InjectValue, misplaced)
                : null;
    }

    private static RunnerLabel Stray(ManifestObject item)
    {
        var slash = item.ApiVersion.IndexOf('/', StringComparison.Ordinal);
        var group = slash < 0 ? "" : item.ApiVersion[..slash];
        var isForeign = group.Contains('.', StringComparison.Ordinal) && !group.EndsWith(".k8s.io", StringComparison.Ordinal);
        return new(WellKnown.InjectValue, isForeign ? Unsupported(item) : $"the label {WellKnown.InjectLabel} has no effect on "
            + $"kind {item.KindName}; put it on each DaemonSet, or on the pod template of a Deployment")
        {
            IsStray = true,
            IsDoubtful = isForeign,
        };
    }

    // A label that counts is acted on.
    private static RunnerLabel? Elsewhere(WorkloadKind kind, FoundLabel label)
    {
        var labels = JsonPointer.Of("metadata", "labels");
        var place = kind.TemplatePath.Append(labels);
        return label.Path.Equals(labels) || label.Path.Equals(place) ? null : new(WellKnown.InjectValue,
            $"the label {WellKnown.InjectLabel} is at {FieldPath.Of(label.Path)}, where it has no effect; "
            + $"write it to {FieldPath.Of(place)}");
    }

    private static string Unsupported(ManifestObject item)
    {
        if (item.IsInArray)
        {
            return "it is in an array, which kubectl does not read; make it a document of its own, or an item of a List";
        }

        var kinds = string.Join(", ", WorkloadKind.All.Select(each => each.Kind));
        return WorkloadKind.All.FirstOrDefault(each => each.Kind.Equals(item.KindName, StringComparison.OrdinalIgnoreCase))
            is { } known
            ? known.Kind != item.KindName
                ? $"the kind is '{item.KindName}', but must be {known.Kind}"
            : item.ApiVersion.Length == 0
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

    private static bool IsWorkload(ManifestObject item) =>
        WorkloadKind.All.Any(known => known.Kind == item.KindName) || FoundLabel.HasContainers(item.Json);

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
            : labels.EnumerateObject().Select(label => label.Name).FirstOrDefault(name => IsNear(name, labels.Text(name)));
        return near is null ? null : $"the label '{near}' asks for nothing; the label that does is '{label}'";
    }

    private static bool IsNear(string name, string value) => name.Contains("runner", StringComparison.OrdinalIgnoreCase)
        && (value == WellKnown.InjectValue || (name.Contains(WellKnown.InjectValue, StringComparison.OrdinalIgnoreCase)
            && !Refusals.Contains(value, StringComparer.OrdinalIgnoreCase)));
}
