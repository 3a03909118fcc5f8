using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>The namespaces for which the API server calls the webhook.</summary>
internal static class NamespaceSelection
{
    /// <summary>Whether the registration's <c>namespaceSelector</c> excludes a namespace; false if that is
    /// unknown.</summary>
    public static bool LeavesOut(this ClusterSnapshot snapshot, string name) =>
        snapshot.Registration.Has(out var registration) && snapshot.NamespaceNamed(name) is { } known
        && registration.List("webhooks").Any(hook => !Read(hook).Matches(known.Labels));

    /// <summary>Whether a workload has no runner because its namespace is excluded: nothing else about it matters.</summary>
    public static bool LeavesOut(this ClusterSnapshot snapshot, JudgedWorkload workload) =>
        workload.State == WorkloadState.Bare && snapshot.LeavesOut(workload.Owner.Namespace);

    /// <summary>What to do about a workload in a namespace that the registration excludes.</summary>
    public static string WayIn(ClusterSnapshot snapshot, string space) =>
        snapshot.NamespaceNamed(space)?.Labels.GetValueOrDefault(WellKnown.InjectionLabel) == WellKnown.ExcludedValue
            ? $"remove the namespace's label (kubectl label namespace {space} {WellKnown.InjectionLabel}-), or move the "
                + "workload to another namespace"
            : "move the workload to another namespace";

    /// <summary>The selector of a DaemonSet, as a query of the API server takes it.</summary>
    public static string Text(JsonElement daemonSet)
    {
        var labels = daemonSet.At("spec", "selector", "matchLabels") is { } map
            ? map.EnumerateObject().Select(label => $"{label.Name}={label.Value.GetString()}") : [];
        var expressions = daemonSet.List("spec", "selector", "matchExpressions").Select(expression =>
        {
            var (key, values) = (expression.Text("key"),
                string.Join(',', expression.List("values").Select(value => value.GetString())));
            return expression.Text("operator") switch
            {
                "Exists" => key,
                "DoesNotExist" => "!" + key,
                "NotIn" => $"{key} notin ({values})",
                _ => $"{key} in ({values})",
            };
        });
        return string.Join(',', labels.Concat(expressions));
    }

    private static LabelSelector Read(JsonElement hook)
    {
        var labels = hook.At("namespaceSelector", "matchLabels") is { } map
            ? map.EnumerateObject()
                .Select(label => new LabelRequirement(label.Name, LabelOperator.In, [label.Value.GetString()!]))
            : [];
        var expressions = hook.List("namespaceSelector", "matchExpressions").Select(expression => new LabelRequirement(
            expression.Text("key"), Enum.Parse<LabelOperator>(expression.Text("operator")),
            [.. expression.List("values").Select(value => value.GetString()!)]));
        return new([.. labels, .. expressions]);
    }
}
