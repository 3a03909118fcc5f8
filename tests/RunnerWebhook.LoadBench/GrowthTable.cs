using System.Globalization;
using System.Text;

namespace RunnerWebhook.LoadBench;

/// <summary>Growth as tables in Markdown: one for each range of values, a row for what grows and the kind of review.</summary>
internal static class GrowthTable
{
    /// <summary>The tables.</summary>
    public static string Of(IEnumerable<GrowthPoint> points)
    {
        var text = new StringBuilder();
        foreach (var table in points.GroupBy(point => (point.By, point.Review))
            .GroupBy(row => string.Join(" | ", row.Select(point => point.Value.ToString("N0", CultureInfo.InvariantCulture)))))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(CultureInfo.InvariantCulture, $"| µs by | review | {table.Key} |\n");
            text.Append("| --- | --- |").Append(string.Concat(Enumerable.Repeat(" --: |", table.First().Count()))).Append('\n');
            foreach (var row in table)
            {
                var cells = row.Select(point => point.Microseconds.ToString("N1", CultureInfo.InvariantCulture));
                text.Append(CultureInfo.InvariantCulture, $"| {row.Key.By} | {row.Key.Review} | {string.Join(" | ", cells)} |\n");
            }
        }

        return text.ToString();
    }
}
