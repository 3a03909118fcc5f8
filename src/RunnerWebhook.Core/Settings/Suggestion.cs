namespace RunnerWebhook.Core.Settings;

/// <summary>"Did you mean": the known name that is nearest to a misspelt one.</summary>
public static class Suggestion
{
    /// <summary>The words to append to a message, as in <c> (did you mean 'tag-list'?)</c>; empty if no known
    /// name is near.</summary>
    public static string For(string name, IEnumerable<string> known)
    {
        var best = known.Select(candidate => (candidate, distance: Distance(name, candidate)))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal).FirstOrDefault();
        return best.candidate is not null && best.distance <= Math.Max(2, name.Length / 4)
            ? $" (did you mean '{best.candidate}'?)"
            : "";
    }

    // Levenshtein's distance over two rows, blind to case and to the difference between '-' and '_'.
    private static int Distance(string left, string right)
    {
        if (left.Length > 64)
        {
            return int.MaxValue;
        }

        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
            }

            previous = current;
        }

        return previous[^1];
    }

    private static bool Same(char left, char right) => Fold(left) == Fold(right);

    private static char Fold(char c) => c == '_' ? '-' : char.ToLowerInvariant(c);
}
