using System.Text.Json;

namespace RunnerWebhook.Yaml;

/// <summary>
/// Cuts a text where kubectl does: at lines of <c>---</c>, and after each of several JSON objects. A byte order mark
/// may start any part.
/// </summary>
internal static class DocumentSplit
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>The parts of a text; they follow each other without a gap.</summary>
    public static IEnumerable<TextPart> Of(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var content = SkipSeparators(text, at);
            var end = JsonEnd(text, content);
            var isJson = end > content;
            end = isJson ? end : NextSeparator(text, content);
            yield return new(at, content, end, isJson);
            at = end;
        }
    }

    private static int SkipSeparators(string text, int at)
    {
        for (; at < text.Length && IsSeparator(text, at); at = LineMap.NextOf(text, at))
        {
        }

        return at;
    }

    private static bool IsSeparator(string text, int lineStart)
    {
        var line = text.AsSpan(lineStart..LineMap.EndOf(text, lineStart)).TrimStart(ByteOrderMark);
        return line is ['-', '-', '-', .. var rest] && rest.TrimStart() is ([] or ['#', ..]);
    }

    // A separator also ends the directives of the document that it starts.
    private static int NextSeparator(string text, int at)
    {
        var hasDirective = false;
        for (var hasContent = false; at < text.Length; at = LineMap.NextOf(text, at))
        {
            if (IsSeparator(text, at))
            {
                if (hasContent || !hasDirective)
                {
                    return at;
                }

                hasContent = true;
                continue;
            }

            var line = text.AsSpan(at..LineMap.EndOf(text, at)).TrimStart(ByteOrderMark);
            if (line is ['.', '.', '.', .. var rest] && rest.IsWhiteSpace())
            {
                (hasContent, hasDirective) = (false, false);
                continue;
            }

            hasDirective |= !hasContent && line is ['%', ..];
            hasContent |= !line.IsWhiteSpace() && line.TrimStart() is not ['#' or '%', ..];
        }

        return text.Length;
    }

    // After a JSON object and the white space after it; 0 if there is none.
    private static int JsonEnd(string text, int at)
    {
        while (at < text.Length && (text[at] == ByteOrderMark || char.IsWhiteSpace(text[at])))
        {
            at++;
        }

        if (at == text.Length || text[at] != '{' || ClosingBrace(text, at) is not { } end || !IsJson(text.AsMemory(at..end)))
        {
            return 0;
        }

        var line = LineMap.EndOf(text, end);
        var rest = text.AsSpan(end..line).TrimStart();
        return rest.IsEmpty ? LineMap.NextOf(text, line) : rest[0] == '{' ? end : 0;
    }

    private static int? ClosingBrace(string text, int at)
    {
        for (var (depth, isQuoted) = (0, false); at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case '\\' when isQuoted:
                    at++;
                    break;
                case '{' or '[' when !isQuoted:
                    depth++;
                    break;
                case '}' or ']' when !isQuoted:
                    if (--depth == 0)
                    {
                        return at + 1;
                    }

                    break;
            }
        }

        return null;
    }

    private static bool IsJson(ReadOnlyMemory<char> text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = YamlComposer.MaxDepth + 1 });
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }
}
