using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Check;

/// <summary>The manifests of <c>charts-free-manifests</c> that are part of the program, so that the two can't differ.</summary>
internal static class ShippedManifest
{
    /// <summary>The objects of a file.</summary>
    public static ImmutableArray<JsonElement> Documents(string file)
    {
        using var stream = typeof(ShippedManifest).Assembly.GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        return [.. YamlFile.Parse(reader.ReadToEnd(), out _)!.Documents.Select(document => document.Json)];
    }

    /// <summary>Whether an object has everything that is shipped, and perhaps more, as the API server adds defaults.</summary>
    public static bool IsIn(JsonElement shipped, JsonElement found) => shipped.ValueKind switch
    {
        JsonValueKind.Object => found.ValueKind == JsonValueKind.Object && shipped.EnumerateObject()
            .All(field => found.TryGetProperty(field.Name, out var value) && IsIn(field.Value, value)),
        JsonValueKind.Array => found.ValueKind == JsonValueKind.Array && found.GetArrayLength() == shipped.GetArrayLength()
            && shipped.EnumerateArray().Zip(found.EnumerateArray()).All(pair => IsIn(pair.First, pair.Second)),
        _ => JsonEquality.AreEqual(shipped, found),
    };
}
