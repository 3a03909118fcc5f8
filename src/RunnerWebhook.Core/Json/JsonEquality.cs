using System.Text.Json;
using System.Text.Json.Nodes;

namespace RunnerWebhook.Core.Json;

/// <summary>Compares JSON values by meaning: the order of members does not count, and 1.0 is 1.</summary>
public static class JsonEquality
{
    // The base library throws when it compares exponents that are no 32-bit integers.
    private const int MaxExponentDigits = 8;

    /// <summary>Whether two values mean the same.</summary>
    public static bool AreEqual(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        return left.ValueKind switch
        {
            JsonValueKind.Object => left.GetPropertyCount() == right.GetPropertyCount() && left.EnumerateObject()
                .All(member => right.TryGetProperty(member.Name, out var other) && AreEqual(member.Value, other)),
            JsonValueKind.Array => left.GetArrayLength() == right.GetArrayLength()
                && left.EnumerateArray().Zip(right.EnumerateArray()).All(pair => AreEqual(pair.First, pair.Second)),
            JsonValueKind.Number => AreEqualNumbers(left, right),
            _ => JsonElement.DeepEquals(left, right),
        };
    }

    /// <summary>Whether two trees mean the same; null is JSON null.</summary>
    public static bool AreEqual(JsonNode? left, JsonNode? right) => (left, right) switch
    {
        (JsonObject a, JsonObject b) => a.Count == b.Count
            && a.All(member => b.TryGetPropertyValue(member.Key, out var other) && AreEqual(member.Value, other)),
        (JsonArray a, JsonArray b) => a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        (JsonValue a, JsonValue b) when a.GetValueKind() == JsonValueKind.Number && b.GetValueKind() == JsonValueKind.Number =>
            AreEqualNumbers(JsonText.ToElement(a), JsonText.ToElement(b)),
        _ => JsonNode.DeepEquals(left, right),
    };

    private static bool AreEqualNumbers(JsonElement left, JsonElement right)
    {
        var (a, b) = (left.GetRawText(), right.GetRawText());
        return a == b || (!HasLongExponent(a) && !HasLongExponent(b) && JsonElement.DeepEquals(left, right));
    }

    private static bool HasLongExponent(string number) =>
        number.AsSpan().IndexOfAny('e', 'E') is >= 0 and var at && number.Length - at - 1 > MaxExponentDigits;
}
