using System.Text.Json;
using System.Text.RegularExpressions;

namespace RunnerWebhook.Tests.Docs;

/// <summary>What documents show with <c>…</c> for what is left out.</summary>
internal static class Elided
{
    private const string Mark = "…";

    /// <summary>Whether a text has a line as shown.</summary>
    public static bool IsIn(string shown, string text) =>
        Regex.IsMatch(text, string.Join(".*?", shown.Split(Mark).Select(Regex.Escape)));

    /// <summary>Whether a value is what is shown: objects may have further members; lists may go on after <c>…</c>.</summary>
    public static bool Matches(JsonElement shown, JsonElement real) => shown.ValueKind switch
    {
        JsonValueKind.String when shown.GetString()!.Contains(Mark, StringComparison.Ordinal) =>
            shown.GetString() == Mark || (real.ValueKind == JsonValueKind.String
                && Regex.IsMatch(real.GetString()!, $"^{string.Join(".*", shown.GetString()!.Split(Mark).Select(Regex.Escape))}$")),
        JsonValueKind.Object => real.ValueKind == JsonValueKind.Object && shown.EnumerateObject().All(member =>
            real.TryGetProperty(member.Name, out var value) && Matches(member.Value, value)),
        JsonValueKind.Array => real.ValueKind == JsonValueKind.Array && ListMatches([.. shown.EnumerateArray()], [.. real.EnumerateArray()]),
        _ => JsonElement.DeepEquals(shown, real),
    };

    private static bool ListMatches(JsonElement[] shown, JsonElement[] real)
    {
        var goesOn = shown is [.., { ValueKind: JsonValueKind.String } last] && last.GetString() == Mark;
        var count = goesOn ? shown.Length - 1 : shown.Length;
        return (goesOn ? real.Length > count : real.Length == count)
            && Enumerable.Range(0, count).All(index => Matches(shown[index], real[index]));
    }
}
