using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.GitLab;

namespace RunnerWebhook.Tokens;

/// <summary>A line of <c>token list</c>.</summary>
/// <param name="Runner">The runner.</param>
/// <param name="Processes">The processes that use its token; null if GitLab does not say.</param>
/// <param name="Secret">The Secret that keeps its token, with its namespace; null if unknown.</param>
internal sealed record TokenListRow(RunnerEntry Runner, ImmutableArray<RunnerProcess>? Processes, string? Secret)
{
    private static readonly string[] Head = ["ID", "DESCRIPTION", "TYPE", "STATUS", "TAGS", "ONLINE", "SECRET"];

    private string Type => (Runner.RunnerType ?? "").Replace("_type", "", StringComparison.Ordinal);

    private string Status => Runner.Paused ? "paused" : Runner.Status ?? "";

    private int? Online => Processes?.Count(process => process.Status == "online");

    /// <summary>All rows as a table for people.</summary>
    public static string Table(IReadOnlyList<TokenListRow> rows)
    {
        string[][] lines = [Head, .. rows.Select(row => row.Cells().Select(OneLine.Of).ToArray())];
        var widths = Head.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        var table = new StringBuilder();
        foreach (var line in lines)
        {
            var padded = line.Select((cell, column) => cell.PadRight(widths[column]));
            table.Append(string.Join("   ", padded).TrimEnd()).Append('\n');
        }

        return table.ToString();
    }

    /// <summary>All rows as JSON.</summary>
    public static JsonArray Json(IReadOnlyList<TokenListRow> rows) => [.. rows.Select(row => (JsonNode)row.Json())];

    private string[] Cells() =>
    [
        Runner.Id.ToString(CultureInfo.InvariantCulture),
        Runner.Description ?? "",
        Type,
        Status,
        Runner.TagList is { Length: > 0 } tags ? string.Join(',', tags) : "-",
        Processes is { } all ? string.Create(CultureInfo.InvariantCulture, $"{Online}/{all.Length}") : "-",
        Secret ?? "-",
    ];

    private JsonObject Json() => new()
    {
        ["id"] = Runner.Id,
        ["description"] = Runner.Description,
        ["type"] = Type,
        ["status"] = Runner.Status,
        ["paused"] = Runner.Paused,
        ["tags"] = new JsonArray([.. (Runner.TagList ?? []).Select(tag => JsonValue.Create(tag))]),
        ["managers"] = Processes is { } all ? new JsonObject { ["online"] = Online, ["total"] = all.Length } : null,
        ["secret"] = Secret,
    };
}
