using System.Collections.Immutable;
using System.Text.Json;

namespace RunnerWebhook.Core.Registration;

/// <summary>The global section of <c>config.toml</c>, which no register option can set.</summary>
public static class GlobalSection
{
    /// <summary>The section as TOML, one line a key.</summary>
    /// <param name="global">Numbers and single-line strings by key.</param>
    public static string ToToml(ImmutableSortedDictionary<string, JsonElement> global) =>
        string.Join('\n', global.Select(entry => $"{entry.Key} = {Value(entry.Value)}"));

    // The basic strings of TOML take the escapes of JSON.
    private static string Value(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? VariableReference.Escape('"' + JsonEncodedText.Encode(value.GetString()!).ToString() + '"')
        : value.GetRawText();
}
