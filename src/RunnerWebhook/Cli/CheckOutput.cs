using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Check;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Cli;

/// <summary>Prints what <c>check</c> found.</summary>
internal static class CheckOutput
{
    // So many lines of one check and state are shown to people; JSON has all.
    private const int MaxLines = 20;

    private static readonly int NameWidth = Checklist.Names.Max(name => name.Length);

    /// <summary>Lines for people, each with its hint below.</summary>
    public static string Table(ImmutableArray<CheckResult> results, bool hasColour = false)
    {
        string Marked(CheckState state) => hasColour ? Paint.Mark(Mark(state)) : Mark(state);
        var text = new StringBuilder();
        foreach (var group in results.GroupBy(result => (result.Check, result.State)))
        {
            foreach (var result in group.Take(MaxLines))
            {
                Line(text, Marked(result.State), result.Check, result.Sentence);
                if (result.Hint.Length > 0)
                {
                    Line(text, " ", "", "→ " + result.Hint);
                }
            }

            if (group.Count() > MaxLines)
            {
                Line(text, Marked(group.Key.State), group.Key.Check, string.Create(CultureInfo.InvariantCulture,
                    $"… and {group.Count() - MaxLines} more: -o json shows all"));
            }
        }

        return text.Append(Summary(results)).Append('\n').ToString();
    }

    /// <summary>The same as JSON.</summary>
    public static string Json(ImmutableArray<CheckResult> results) => JsonOutput.Write(new JsonObject
    {
        ["checks"] = new JsonArray([.. results.Select(result => (JsonNode)new JsonObject
        {
            ["check"] = result.Check,
            ["state"] = JsonNamingPolicy.CamelCase.ConvertName(result.State.ToString()),
            ["sentence"] = result.Sentence,
            ["hint"] = result.Hint,
        })]),
    });

    private static void Line(StringBuilder text, string mark, string check, string sentence) =>
        text.Append(mark).Append(' ').Append(check.PadRight(NameWidth)).Append("  ")
            .Append(OneLine.Of(sentence.ReplaceLineEndings(" "))).Append('\n');

    private static string Summary(ImmutableArray<CheckResult> results)
    {
        string Counted(CheckState state, string word) => string.Create(CultureInfo.InvariantCulture,
            $"{results.Count(result => result.State == state)} {word}");
        return string.Join(", ", Counted(CheckState.Passed, "fine"), Counted(CheckState.Failed, "failed"),
            Counted(CheckState.Warning, "to look at"), Counted(CheckState.Unknown, "could not be checked"));
    }

    private static string Mark(CheckState state) => state switch
    {
        CheckState.Passed => "✓",
        CheckState.Failed => "✗",
        CheckState.Warning => "!",
        _ => "?",
    };
}
