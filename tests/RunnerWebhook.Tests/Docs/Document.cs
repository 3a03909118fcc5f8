using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>One Markdown file of the repository.</summary>
/// <param name="Name">Its path below the repository's root.</param>
public sealed partial record Document(string Name)
{
    private static readonly string[] Generated = ["bin", "obj", "artifacts", "node_modules", "TestResults", ".git"];

    internal string FullPath => System.IO.Path.Combine(RepositoryFiles.Root, Name);

    internal string Text => File.ReadAllText(FullPath);

    /// <summary>All documents that people read.</summary>
    public static IEnumerable<TheoryDataRow<Document>> All() =>
        Directory.EnumerateFiles(RepositoryFiles.Root, "*.md", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(RepositoryFiles.Root, file))
            .Where(file => !file.Split('/').Any(Generated.Contains)).Order(StringComparer.Ordinal)
            .Select(file => new TheoryDataRow<Document>(new(file)) { TestDisplayName = file });

    /// <summary>Its fenced blocks, in order.</summary>
    internal ImmutableArray<Block> Blocks()
    {
        var blocks = ImmutableArray.CreateBuilder<Block>();
        var lines = Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (Fence().Match(lines[i]) is not { Success: true } fence)
            {
                continue;
            }

            var indent = fence.Groups[1].Value;
            var end = Array.FindIndex(lines, i + 1, line => line == indent + "```");
            var body = lines[(i + 1)..end].Select(line => line.StartsWith(indent, StringComparison.Ordinal) ? line[indent.Length..] : line);
            var info = fence.Groups[2].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            blocks.Add(new(this, i + 1, [.. info], string.Concat(body.Select(line => line + "\n"))));
            i = end;
        }

        return blocks.ToImmutable();
    }

    /// <summary>Its text outside of fenced blocks.</summary>
    internal string Prose() => Blocks().Aggregate(Text, (text, block) => text.Replace(block.Text, "", StringComparison.Ordinal));

    /// <summary>The anchors of its headings, as GitHub and GitLab make them.</summary>
    internal IEnumerable<string> Anchors() => Heading().Matches(Prose()).Select(match =>
        NotInAnchors().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    /// <inheritdoc/>
    public override string ToString() => Name;

    [GeneratedRegex(@"^( *)```(\S.*)$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}

/// <summary>A fenced block.</summary>
/// <param name="Document">Where it is.</param>
/// <param name="Line">The line of its fence.</param>
/// <param name="Info">The words after the fence: the language, and what its check needs to know.</param>
/// <param name="Text">What is in it.</param>
internal sealed record Block(Document Document, int Line, ImmutableArray<string> Info, string Text)
{
    public string Language => Info[0];

    public string Place => $"{Document.Name}:{Line}";

    public bool Is(string label) => Info.Skip(1).Contains(label);

    /// <summary>The value of a label such as <c>from=FILE</c>.</summary>
    public string? ValueOf(string label) => Info.FirstOrDefault(word => word.StartsWith(label + "=", StringComparison.Ordinal))?[(label.Length + 1)..];

    /// <inheritdoc/>
    public override string ToString() => Place;
}
