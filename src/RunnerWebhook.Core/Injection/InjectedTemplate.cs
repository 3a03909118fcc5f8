using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>A pod template as it will be.</summary>
public static class InjectedTemplate
{
    /// <summary>The template with a patch of its object applied.</summary>
    /// <param name="template">The template.</param>
    /// <param name="patch">The patch, with paths from the object's root.</param>
    public static JsonElement Of(PodTemplate template, ImmutableArray<PatchOperation> patch)
    {
        if (patch.IsEmpty)
        {
            return template.Json;
        }

        var depth = template.Path.Tokens.Length;
        var inTemplate = patch.Select(operation =>
            operation with { Path = JsonPointer.Of(operation.Path.Tokens.AsSpan()[depth..]) });
        return JsonText.ToElement(JsonPatch.Apply(JsonText.ToNode(template.Json), inTemplate));
    }
}
