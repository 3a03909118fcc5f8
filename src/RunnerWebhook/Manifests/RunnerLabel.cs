using System.Text.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Manifests;

/// <summary>The label by which an object asks for a runner, where this program does not act on it.</summary>
/// <param name="Value">The label's value.</param>
/// <param name="Problem">Why there is no runner, and what to do; as part of a sentence.</param>
internal sealed record RunnerLabel(string Value, string Problem)
{
    private static readonly string[] Refusals = ["", "disable", "disabled", "false", "ignore", "no", "none", "off", "skip"];

    /// <summary>Whether somebody wanted a runner and gets none.</summary>
    public bool IsMissed => !Refusals.Contains(Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>The label that is not acted on; null if there is none, or the object runs no pods.</summary>
    public static RunnerLabel? Unanswered(ManifestObject item)
    {
        var (apiVersion, kind) = (Text(item.Json, "apiVersion"), item.KindName);
        if (Owners(item.Json, 0).Select(LabelOf).OfType<string>().ToArray() is not [_, ..] values
            || (item.Kind is null && !IsWorkload(item.Json, kind)))
        {
            return null;
        }

        if (!values.Contains(WellKnown.InjectValue))
        {
            return new(values[0], $"the label {WellKnown.InjectLabel} has the value '{values[0]}'; "
                + $"only '{WellKnown.InjectValue}' asks for a runner");
        }

        var kinds = string.Join(", ", WorkloadKind.All.Select(each => each.Kind));
        var known = WorkloadKind.All.FirstOrDefault(each => each.Kind == kind);
        return item.Kind is not null ? null : new(WellKnown.InjectValue, known is null
            ? $"{kind} of {apiVersion} is not supported; use one of {kinds}"
            : $"{kind} of {apiVersion} is not supported; use {(known.Group.Length > 0 ? known.Group + "/v1" : "v1")}");
    }

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

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
