using System.Text.Json.Nodes;

namespace RunnerWebhook.Core.Json;

/// <summary>
/// One operation of a JSON Patch (RFC 6902). The injection itself only ever adds; <c>replace</c> and <c>remove</c>
/// are for pieces that an earlier injection added.
/// </summary>
/// <param name="Op">What to do.</param>
/// <param name="Path">Where.</param>
/// <param name="Value">The value of an add or a replace; null is JSON null, and is unused by a remove.
/// It is never changed once it is here.</param>
public sealed record PatchOperation(PatchOp Op, JsonPointer Path, JsonNode? Value)
{
    /// <summary>Adds a member, or inserts an array element (RFC 6902, section 4.1).</summary>
    public static PatchOperation Add(JsonPointer path, JsonNode? value) => new(PatchOp.Add, path, value);

    /// <summary>Replaces the value at an existing place (RFC 6902, section 4.3).</summary>
    public static PatchOperation Replace(JsonPointer path, JsonNode? value) => new(PatchOp.Replace, path, value);

    /// <summary>Removes the value at an existing place (RFC 6902, section 4.2).</summary>
    public static PatchOperation Remove(JsonPointer path) => new(PatchOp.Remove, path, null);
}
