using Xunit;

namespace RunnerWebhook.Tests;

/// <summary><c>src/docs/robustness.md</c>, whose tables are those of the tests. With <c>GOLDEN_ACCEPT=1</c> they are written
/// anew.</summary>
internal static class RobustnessDocument
{
    private static readonly string File = Path.Combine(PublishedProgram.Root(), "src", "docs", "robustness.md");

    /// <summary>Checks one table, which lies between its two marks.</summary>
    /// <param name="table">The table's name, as its marks have it.</param>
    /// <param name="rows">What it must hold, after its head of two lines.</param>
    public static void Holds(string table, IEnumerable<string> rows)
    {
        var (begin, end) = ($"<!-- {table} -->\n", $"<!-- end of {table} -->");
        var text = System.IO.File.ReadAllText(File);
        var start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var stop = text.IndexOf(end, StringComparison.Ordinal);
        var lines = text[start..stop].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var expected = lines.Take(2).Concat(rows).ToArray();
        if (Environment.GetEnvironmentVariable("GOLDEN_ACCEPT") == "1")
        {
            System.IO.File.WriteAllText(File, text[..start] + string.Join('\n', expected) + "\n" + text[stop..]);
            return;
        }

        Assert.Equal(expected, lines);
    }
}
