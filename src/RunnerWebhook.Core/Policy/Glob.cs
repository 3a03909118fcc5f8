namespace RunnerWebhook.Core.Policy;

/// <summary>Patterns of the policy: <c>*</c> matches any text, empty text and slashes included; everything else for
/// itself.</summary>
public static class Glob
{
    /// <summary>Whether the whole text matches the pattern. Letters match in their own case only.</summary>
    public static bool Matches(string pattern, string text)
    {
        var (p, t, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, t);
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more.
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
