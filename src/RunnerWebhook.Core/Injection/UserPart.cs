using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>A pod template without the unchanged pieces of an earlier injection: what the user wrote.</summary>
internal static class UserPart
{
    /// <summary>That part of a template, read again.</summary>
    /// <param name="template">The template.</param>
    /// <param name="recorded">What its record lists.</param>
    public static PodTemplate Of(PodTemplate template, RecordedPieces recorded) => recorded.Status is null ? template
        : PodTemplateReader.Read(JsonText.ToElement(Json(template, recorded)), template.Path, out _)!;

    /// <summary>Whether an update leaves the user's part of a template as it is.</summary>
    /// <param name="template">The template as it comes in.</param>
    /// <param name="recorded">What its record lists.</param>
    /// <param name="old">The template as it is stored.</param>
    /// <param name="before">What the record of that lists.</param>
    public static bool IsSame(PodTemplate template, RecordedPieces recorded, PodTemplate old, RecordedPieces before) =>
        JsonEquality.AreEqual(Comparable(template, recorded), Comparable(old, before));

    private static JsonNode? Json(PodTemplate template, RecordedPieces recorded) => JsonPatch.Apply(
        JsonText.ToNode(template.Json), PiecePatch.Removal(template with { Path = JsonPointer.Root }, recorded));

    // Ignore the default grace period: the template may have been stored before defaulting.
    private static JsonNode? Comparable(PodTemplate template, RecordedPieces recorded)
    {
        var part = Json(template, recorded);
        if (part?["spec"] is JsonObject spec && spec["terminationGracePeriodSeconds"] is JsonValue seconds
            && seconds.TryGetValue<int>(out var value) && value == InjectionPlanner.DefaultGracePeriodSeconds)
        {
            spec.Remove("terminationGracePeriodSeconds");
        }

        return part;
    }
}
