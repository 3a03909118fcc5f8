using System.Collections.Immutable;
using System.Text.Json;

namespace RunnerWebhook.Core.Registration;

/// <summary>The global section of <c>config.toml</c>, which no register option can set.</summary>
public static class GlobalSection
{
    /// <summary>The section as TOML, one line a key; tables come last.</summary>
    /// <param name="global">Numbers, strings of ASCII characters, and tables of these, by key.</param>
    public static string ToToml(ImmutableSortedDictionary<string, JsonElement> global)
    {
        var tables = global.ToLookup(entry => entry.Value.ValueKind == JsonValueKind.Object);
        return string.Join('\n', [
            .. tables[false].Select(entry => Line(entry.Key, entry.Value)),
            .. tables[true].SelectMany(table => table.Value.EnumerateObject()
                .Select(member => Line(member.Name, member.Value)).Prepend($"[{table.Key}]")),
        ]);
    }

    // The basic strings of TOML take the escapes of JSON.
    private static string Line(string key, JsonElement value) => $"{key} = " + (value.ValueKind == JsonValueKind.String
        ? VariableReference.Escape('"' + JsonEncodedText.Encode(value.GetString()!).ToString() + '"')
        : value.GetRawText());
}
