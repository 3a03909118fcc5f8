using System.Globalization;
using System.Text;

namespace RunnerWebhook.Cli;

/// <summary>Unified diffs, as <c>patch</c> and people read them.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>The diff from one text to another; empty where they are equal.</summary>
    /// <param name="before">The text before.</param>
    /// <param name="after">The text after.</param>
    /// <param name="name">The file's name, for the header.</param>
    public static string Between(string before, string after, string name)
    {
        if (before == after)
        {
            return "";
        }

        var edits = Edits(Lines(before), Lines(after));
        var diff = new StringBuilder().Append(CultureInfo.InvariantCulture, $"--- {name}\n+++ {name}\n");
        for (var i = 0; i < edits.Count;)
        {
            if (edits[i].Mark == ' ')
            {
                i++;
                continue;
            }

            var start = Math.Max(0, i - Context);
            var end = HunkEnd(edits, i);
            WriteHunk(diff, edits, start, end);
            i = end;
        }

        return diff.ToString();
    }

    private static int HunkEnd(List<(char Mark, string Line)> edits, int from)
    {
        var last = from;
        for (var i = from; i < edits.Count && i - last <= 2 * Context; i++)
        {
            last = edits[i].Mark == ' ' ? last : i;
        }

        return Math.Min(edits.Count, last + 1 + Context);
    }

    private static void WriteHunk(StringBuilder diff, List<(char Mark, string Line)> edits, int start, int end)
    {
        var (oldStart, newStart) = (1 + Count(edits, 0, start, '+'), 1 + Count(edits, 0, start, '-'));
        var (oldLength, newLength) = (Count(edits, start, end, '+'), Count(edits, start, end, '-'));
        diff.Append(CultureInfo.InvariantCulture, $"@@ -{oldStart},{oldLength} +{newStart},{newLength} @@\n");
        for (var i = start; i < end; i++)
        {
            var (mark, line) = edits[i];
            diff.Append(mark).Append(line);
            diff.Append(line.EndsWith('\n') ? "" : "\n\\ No newline at end of file\n");
        }
    }

    private static int Count(List<(char Mark, string Line)> edits, int start, int end, char without) =>
        Enumerable.Range(start, end - start).Count(i => edits[i].Mark != without);

    private static string[] Lines(string text)
    {
        var lines = text.Split('\n').Select(line => line + "\n").ToArray();
        lines[^1] = lines[^1][..^1];
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    // Myers' greedy algorithm: the time grows with the number of edits, and an injection makes few.
    private static List<(char Mark, string Line)> Edits(string[] before, string[] after)
    {
        var max = before.Length + after.Length;
        var furthest = new Dictionary<int, int> { [1] = 0 };
        var trace = new List<Dictionary<int, int>>();
        for (var d = 0; d <= max; d++)
        {
            trace.Add(new(furthest));
            for (var k = -d; k <= d; k += 2)
            {
                var x = GoesDown(furthest, k, d) ? furthest[k + 1] : furthest[k - 1] + 1;
                while (x < before.Length && x - k < after.Length && before[x] == after[x - k])
                {
                    x++;
                }

                furthest[k] = x;
                if (x >= before.Length && x - k >= after.Length)
                {
                    return Backtrack(before, after, trace);
                }
            }
        }

        return [];
    }

    private static bool GoesDown(Dictionary<int, int> furthest, int k, int d) =>
        k == -d || (k != d && furthest[k - 1] < furthest[k + 1]);

    private static List<(char Mark, string Line)> Backtrack(string[] before, string[] after, List<Dictionary<int, int>> trace)
    {
        var edits = new List<(char, string)>();
        var (x, y) = (before.Length, after.Length);
        for (var d = trace.Count - 1; d >= 0; d--)
        {
            var k = x - y;
            var from = GoesDown(trace[d], k, d) ? k + 1 : k - 1;
            var fromX = d == 0 ? 0 : trace[d][from];
            var fromY = d == 0 ? 0 : fromX - from;
            while (x > fromX && y > fromY)
            {
                edits.Add((' ', before[--x]));
                y--;
            }

            if (d > 0)
            {
                edits.Add(x == fromX ? ('+', after[--y]) : ('-', before[--x]));
            }
        }

        edits.Reverse();
        return edits;
    }
}
