using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Check;

/// <summary>What is looked at in a Secret that holds runners' tokens.</summary>
/// <param name="Names">The keys that have a value.</param>
/// <param name="Changed">When its data was last changed; null if unknown.</param>
internal sealed record TokenKeys(ImmutableArray<string> Names, DateTimeOffset? Changed)
{
    /// <summary>Reads a Secret without keeping a value of it.</summary>
    public static TokenKeys Of(JsonElement secret)
    {
        string[] keys = secret.At("data") is { ValueKind: JsonValueKind.Object } data
            ? [.. data.EnumerateObject()
                .Where(entry => entry.Value is { ValueKind: JsonValueKind.String } && entry.Value.GetString()!.Length > 0)
                .Select(entry => entry.Name)]
            : [];
        var times = secret.List("metadata", "managedFields").Where(entry => entry.At("fieldsV1", "f:data") is not null)
            .Select(entry => entry.Text("time")).Append(secret.Text("metadata", "creationTimestamp"))
            .Select(Time).OfType<DateTimeOffset>().ToArray();
        return new([.. keys], times.Length > 0 ? times.Max() : null);
    }

    /// <summary>A time of the API server; null if there is none.</summary>
    public static DateTimeOffset? Time(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
