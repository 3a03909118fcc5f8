namespace RunnerWebhook.Yaml;

/// <summary>
/// The <c>%YAML</c> directives of a text. The parser takes the one of a second document for a repetition of the
/// first, so those behind the first are shown to it as comments, which leaves every place where it was.
/// </summary>
internal static class VersionDirective
{
    private const string Name = "%YAML ";

    /// <summary>The text with all directives but the first as comments.</summary>
    public static string Mask(string text)
    {
        var first = text.IndexOf(Name, StringComparison.Ordinal);
        if (first < 0 || text.IndexOf(Name, first + 1, StringComparison.Ordinal) < 0)
        {
            return text;
        }

        var masked = text.ToCharArray();
        for (var at = first; at >= 0; at = text.IndexOf(Name, at + 1, StringComparison.Ordinal))
        {
            masked[at] = FollowsDocumentEnd(text, at) ? '#' : masked[at];
        }

        return new(masked);
    }

    private static bool FollowsDocumentEnd(string text, int offset)
    {
        if (LineMap.StartOf(text, offset) != offset)
        {
            return false;
        }

        var end = LineMap.BreakBefore(text, offset);
        return text.AsSpan(LineMap.StartOf(text, end)..end).StartsWith("...", StringComparison.Ordinal);
    }
}
