using System.Text;

namespace RunnerWebhook.Yaml;

/// <summary>The replacement of a piece of a text.</summary>
/// <param name="Start">Where it starts.</param>
/// <param name="End">Where it ends; the start for an insertion.</param>
/// <param name="Text">What comes there.</param>
internal readonly record struct TextEdit(int Start, int End, string Text)
{
    /// <summary>An insertion.</summary>
    public static TextEdit Insert(int at, string text) => new(at, at, text);

    /// <summary>A deletion.</summary>
    public static TextEdit Delete(int start, int end) => new(start, end, "");

    /// <summary>The text with all edits, which must not overlap; insertions at one place keep their order.</summary>
    public static string Apply(string text, IEnumerable<TextEdit> edits)
    {
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var edit in edits.OrderBy(edit => edit.Start).ThenBy(edit => edit.End))
        {
            result.Append(text, at, edit.Start - at).Append(edit.Text);
            at = edit.End;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }
}
