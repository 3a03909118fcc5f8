using System.Globalization;
using System.Text;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Logging;

/// <summary>Text that a client chose, made fit for a log, an answer or a trace: a client may send megabytes, a token, or a
/// terminal's control sequences, where a word is expected.</summary>
internal static class ForeignText
{
    /// <summary>The most that is shown of a word, in characters: a uid is a UUID of 36, an object's name has at most
    /// 253.</summary>
    public const int MaxWord = 256;

    /// <summary>The most that is shown of a sentence, in characters: room for the two longest lists of names that a message
    /// has.</summary>
    public const int MaxSentence = 1024;

    /// <summary>A word, cut to <see cref="MaxWord"/>.</summary>
    public static string Word(string text) => Cut(text, MaxWord);

    /// <summary>A sentence in one line, cut to <see cref="MaxSentence"/>.</summary>
    public static string Sentence(string text) => Cut(text.Replace('\n', ' '), MaxSentence);

    private static string Cut(string foreign, int length)
    {
        var text = TokenText.Mask(foreign);
        if (text.Length <= length && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= length)
            {
                return shown.Append('…').ToString();
            }

            if (IsPlain(rune))
            {
                shown.Append(rune.ToString());
            }
            else
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
        }

        return shown.ToString();
    }

    // Also not what turns the direction of a line, or breaks it.
    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}
