using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>The label is where it has an effect, with the value that asks for a runner.</summary>
internal static class LabelCheck
{
    public const string Name = "labels";

    private const string Label = $"{WellKnown.InjectLabel}: {WellKnown.InjectValue}";

    private static readonly JsonPointer LabelPath = JsonPointer.Of("metadata", "labels", WellKnown.InjectLabel);

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        var results = snapshot.Objects.SelectMany(Judge).Concat(Namespaces(snapshot)).ToArray();
        return results.Length > 0 ? results
            : [CheckResult.Pass(Name, $"every label {WellKnown.InjectLabel} {snapshot.Scope.Where} is where it has an effect")];
    }

    private static IEnumerable<CheckResult> Judge(LabelledObjects objects)
    {
        if (objects.Items.Problem is { } problem)
        {
            return [CheckResult.Skip(Name, $"{objects.Kind.Kind}s", problem)];
        }

        return objects.Found.Select(json => Judge(objects.Kind, json)).OfType<CheckResult>();
    }

    private static CheckResult? Judge(WorkloadKind kind, JsonElement json)
    {
        // Objects of a controller have their labels from it.
        if (json.List("metadata", "ownerReferences").Any(owner => owner.IsTrue("controller")))
        {
            return null;
        }

        var name = $"{kind.Kind} {json.Text("metadata", "namespace")}/{json.Text("metadata", "name")}";
        var value = json.Text([.. LabelPath.Tokens]);
        if (value != WellKnown.InjectValue)
        {
            return CheckResult.Warn(Name, $"{name}: label {WellKnown.InjectLabel} is '{value}', which has no effect",
                $"the value that asks for a runner is {WellKnown.InjectValue}");
        }

        var path = kind.TemplatePath.Append(LabelPath);
        return !kind.AdmittedOn.IsEmpty || json.Text([.. path.Tokens]) == WellKnown.InjectValue ? null
            : CheckResult.Fail(Name, $"{name} has the label at {FieldPath.Of(LabelPath)}, where it has no effect: in a "
                + $"{kind.Kind}, only the pod template is injected", $"move it to {FieldPath.Of(path)}");
    }

    private static IEnumerable<CheckResult> Namespaces(ClusterSnapshot snapshot)
    {
        if (!snapshot.Namespaces.Has(out var namespaces))
        {
            return [CheckResult.Skip(Name, "namespaces", snapshot.Namespaces.Problem ?? "there is none")];
        }

        return namespaces.Where(entry => entry.Value.Labels.ContainsKey(WellKnown.InjectLabel))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => CheckResult.Warn(Name, $"Namespace {entry.Key} has the label {WellKnown.InjectLabel}, which has "
                + "no effect there", $"put {Label} on each DaemonSet, or on the pod template"));
    }
}
