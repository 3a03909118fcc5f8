using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>The resources of the whole pod (<c>spec.resources</c>, Kubernetes 1.34), which its containers share. The API server
/// refuses containers that ask for more, so that injected ones ask for nothing that the pod states itself.</summary>
internal static class PodResources
{
    private static readonly ImmutableArray<(string Part, string Resource)> Bounds =
        [("requests", "cpu"), ("requests", "memory"), ("limits", "cpu"), ("limits", "memory")];

    /// <summary>The resources of an injected container, without what the pod as a whole states.</summary>
    /// <param name="template">The pod template.</param>
    /// <param name="resources">The container's, from the settings.</param>
    /// <returns>Null if nothing is left.</returns>
    public static JsonObject? Share(PodTemplate template, JsonElement resources)
    {
        var shared = new JsonObject();
        foreach (var part in resources.EnumerateObject().Where(part => part.Value.ValueKind == JsonValueKind.Object))
        {
            var own = part.Value.EnumerateObject()
                .Where(quantity => Stated(template, "requests", quantity.Name) is null
                    && Stated(template, "limits", quantity.Name) is null)
                .Select(quantity => KeyValuePair.Create(quantity.Name, JsonText.ToNode(quantity.Value))).ToArray();
            if (own.Length > 0)
            {
                shared[part.Name] = new JsonObject(own);
            }
        }

        return shared.Count > 0 ? shared : null;
    }

    /// <summary>What the pod as a whole has too little of for its injected containers to get what the settings want.</summary>
    /// <param name="template">The user's part of the pod template.</param>
    /// <param name="init">The resources of the init container.</param>
    /// <param name="sidecar">Those of the engine in the pod; null without one.</param>
    public static IEnumerable<string> Missing(PodTemplate template, JsonElement init, JsonElement? sidecar)
    {
        foreach (var (part, resource) in Bounds)
        {
            if (Stated(template, part, resource) is not { } stated || Value(stated) is not { } has)
            {
                continue;
            }

            // The init container ends before the team's containers start; the engine runs alongside both.
            var teams = template.Containers.Sum(container =>
                Value(container.Json.At("resources", "requests", resource)) ?? 0);
            var needs = (Value(sidecar?.At("requests", resource)) ?? 0)
                + Math.Max(teams, Value(init.At("requests", resource)) ?? 0);
            if (needs > has)
            {
                yield return $"spec.resources.{part}.{resource} is {stated}, but the pod's containers, injected ones "
                    + $"included, ask for {Text(resource, needs)}: {Text(resource, needs - has)} are missing; raise it";
            }
        }
    }

    private static JsonElement? Stated(PodTemplate template, string part, string resource) =>
        template.Json.At("spec", "resources", part, resource);

    private static decimal? Value(JsonElement? quantity) => quantity is { } stated && decimal.TryParse(
        Quantity.Canonical(stated.ToString()), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string Text(string resource, decimal value)
    {
        var (unit, size) = resource == "cpu" ? ("m", 0.001m) : ("Mi", 1m * (1 << 20));
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(value / size):0}{unit}");
    }
}
