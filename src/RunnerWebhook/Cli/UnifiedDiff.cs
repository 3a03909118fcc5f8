using DiffPlex;
using DiffPlex.Chunkers;
using DiffPlex.Renderer;

namespace RunnerWebhook.Cli;

/// <summary>Unified diffs with three lines of context, as <c>patch</c> and people read them.</summary>
internal static class UnifiedDiff
{
    private const string NoNewline = "\n\\ No newline at end of file";

    private static readonly CustomFunctionChunker Chunker = new(Lines);

    /// <summary>The diff from one text to another; empty if they are equal.</summary>
    /// <param name="before">The text before.</param>
    /// <param name="after">The text after.</param>
    /// <param name="name">The file's name, for the header.</param>
    public static string Between(string before, string after, string name)
    {
        var diff = Differ.Instance.CreateDiffs(before, after, ignoreWhiteSpace: false, ignoreCase: false, Chunker);
        return UnidiffRenderer.Instance.Generate(diff, name, name).Replace(Environment.NewLine, "\n", StringComparison.Ordinal);
    }

    // The renderer ends every line itself. A carriage return stays part of its line.
    private static string[] Lines(string text)
    {
        var lines = text.Split('\n');
        if (lines[^1].Length == 0)
        {
            return lines[..^1];
        }

        lines[^1] += NoNewline;
        return lines;
    }
}
