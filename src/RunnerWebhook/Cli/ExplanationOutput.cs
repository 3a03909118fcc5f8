using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Explaining;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Manifests;

namespace RunnerWebhook.Cli;

/// <summary>Prints explanations.</summary>
internal static class ExplanationOutput
{
    // What is wider than this moves only its own row.
    private const int MaxWidth = 48;

    /// <summary>A table for people.</summary>
    public static string Table(IReadOnlyList<(string Place, ManifestObject Object, Explanation Explanation)> explained)
    {
        var text = new StringBuilder();
        foreach (var (place, item, explanation) in explained)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(CultureInfo.InvariantCulture, $"{item.DisplayName} ({place})\n");
            // The gate that was not passed has the reason; the sentence is not repeated.
            var isExplained = explanation.Gates.Any(gate => gate.Passed == false);
            text.Append("  ").Append(explanation.Outcome.Code.Text());
            text.Append(isExplained ? "" : ": " + explanation.Outcome.Sentence).Append('\n');
            foreach (var advice in explanation.Outcome.Advice)
            {
                text.Append(CultureInfo.InvariantCulture, $"  ! {advice}\n");
            }

            text.Append("\n  gates\n");
            Rows(text, explanation.Gates.Select(gate => new[] { Mark(gate.Passed) + " " + gate.Name, gate.Detail }));
            if (explanation.Settings is { } settings)
            {
                text.Append("\n  settings\n");
                Rows(text, settings.All().Select(setting =>
                    new[] { setting.Field, Shown(setting.Value), setting.Origin.ToString() }));
            }
        }

        return text.ToString();
    }

    /// <summary>The same as JSON.</summary>
    public static string Json(IReadOnlyList<(string Place, ManifestObject Object, Explanation Explanation)> explained)
    {
        var objects = new JsonArray([.. explained.Select(item =>
            (JsonNode)Json(item.Place, item.Object.DisplayName, item.Explanation))]);
        return JsonOutput.Write(new JsonObject { ["objects"] = objects });
    }

    private static JsonObject Json(string place, string name, Explanation explanation) => new()
    {
        ["place"] = place,
        ["object"] = name,
        ["outcome"] = explanation.Outcome.Code.Text(),
        ["sentence"] = explanation.Outcome.Sentence,
        ["advice"] = JsonText.Array(explanation.Outcome.Advice),
        ["gates"] = ExplanationJson.Gates(explanation),
        ["settings"] = EffectiveSettingsJson.Settings(explanation.Settings),
    };

    private static void Rows(StringBuilder text, IEnumerable<string[]> rows)
    {
        var cells = rows.ToArray();
        int WidthOf(int column) => Math.Min(MaxWidth, cells.Max(row => row[column].Length));
        var widths = Enumerable.Range(0, cells[0].Length - 1).Select(WidthOf).ToArray();
        foreach (var row in cells)
        {
            var line = string.Join("  ", row.Select((cell, at) => at < widths.Length ? cell.PadRight(widths[at]) : cell));
            text.Append("    ").Append(line.TrimEnd()).Append('\n');
        }
    }

    private static string Mark(bool? passed) => passed switch
    {
        true => "✓",
        false => "✗",
        null => "-",
    };

    // A list of one value is shown as the value, and nothing as nothing.
    private static string Shown(JsonNode? value) => value switch
    {
        JsonArray { Count: 0 } => "[]",
        JsonArray list => string.Join(", ", list.Select(Shown)),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>() is { Length: > 0 } given
            ? given.Replace("\n", "\\n", StringComparison.Ordinal) : "\"\"",
        null => "null",
        _ => value.ToJsonString(),
    };
}
