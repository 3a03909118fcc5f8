using System.Collections.Immutable;
using System.Text.Json;

namespace RunnerWebhook.Core.Registration;

/// <summary>The global section of <c>config.toml</c>, which no register option can set.</summary>
public static class GlobalSection
{
    /// <summary>The section that <c>register</c> writes itself, and that needs not be seeded.</summary>
    public const string RunnersOwn = "concurrent = 1";

    /// <summary>The section as TOML, one line a key; tables come last.</summary>
    /// <param name="global">Numbers and strings of ASCII characters, by key; <c>TABLE.KEY</c> is a key of a table.</param>
    public static string ToToml(ImmutableSortedDictionary<string, JsonElement> global)
    {
        var tables = global.ToLookup(entry => entry.Key[..Math.Max(0, entry.Key.IndexOf('.', StringComparison.Ordinal))]);
        return string.Join('\n', tables.OrderBy(table => table.Key, StringComparer.Ordinal).SelectMany(table => table
            .Select(entry => Line(entry.Key[(entry.Key.IndexOf('.', StringComparison.Ordinal) + 1)..], entry.Value))
            .Prepend(table.Key.Length > 0 ? $"[{table.Key}]" : "").Where(line => line.Length > 0)));
    }

    // The basic strings of TOML take the escapes of JSON.
    private static string Line(string key, JsonElement value) => $"{key} = " + (value.ValueKind == JsonValueKind.String
        ? VariableReference.Escape('"' + JsonEncodedText.Encode(value.GetString()!).ToString() + '"')
        : value.GetRawText());
}
