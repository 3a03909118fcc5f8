using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Injection;

/// <summary>What a pod template has at the address of a piece.</summary>
/// <param name="Path">The JSON pointer from the template.</param>
/// <param name="Value">The value.</param>
/// <param name="Index">The index in its list; null if it is no element of a list.</param>
public readonly record struct FoundPiece(JsonPointer Path, JsonElement Value, int? Index);
