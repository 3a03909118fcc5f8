using System.Text.Json;
using RunnerWebhook.Core.Policy;

namespace RunnerWebhook.Check;

/// <summary>Which namespaces the API server asks the webhook about.</summary>
internal static class NamespaceSelection
{
    /// <summary>Whether the registration's <c>namespaceSelector</c> leaves a namespace out; false where that is not
    /// known.</summary>
    public static bool LeavesOut(this ClusterSnapshot snapshot, string space) =>
        snapshot.Registration.Value is { } registration && snapshot.NamespaceNamed(space) is { } known
        && registration.List("webhooks").Any(hook => !Read(hook).Matches(known.Labels));

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
