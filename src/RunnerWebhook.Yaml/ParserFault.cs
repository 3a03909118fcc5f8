using YamlDotNet.Core;

namespace RunnerWebhook.Yaml;

/// <summary>Turns what the parser throws into an error at the place that the reader should look at.</summary>
internal static class ParserFault
{
    /// <summary>The error for an exception.</summary>
    public static YamlError Describe(string text, LineMap lines, YamlException fault)
    {
        var offset = (int)Math.Min(fault.Start.Index, text.Length);
        var message = fault.Message.TrimEnd('.');
        if (message.Contains(" tab ", StringComparison.Ordinal) && FindTab(text, offset) is { } tab)
        {
            return lines.Error(tab, "a tab is not allowed as indentation; use spaces");
        }

        return lines.Error(offset, Decapitalize(message));
    }

    // The parser tells where the mapping started; the tab is below.
    private static int? FindTab(string text, int offset)
    {
        for (var at = LineMap.StartOf(text, offset); at < text.Length; at = LineMap.NextOf(text, at))
        {
            var length = text.AsSpan(at).IndexOfAnyExcept(' ');
            if (length >= 0 && text[at + length] == '\t')
            {
                return at + length;
            }
        }

        return null;
    }

    private static string Decapitalize(string message) =>
        message.Length > 1 && char.IsLower(message[1]) ? char.ToLowerInvariant(message[0]) + message[1..] : message;
}
