using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>What holds for every document: links lead somewhere, and a block's language says how it is checked.</summary>
public sealed partial class DocumentTests
{
    // sh: ShellBlockTests. yaml: YamlBlockTests. text in a guide: what the program says (GuideGoldenTests), or a file's lines.
    private static readonly string[] Languages = ["sh", "yaml", "text", "json", "ruby"];

    [Theory]
    [MemberData(nameof(Document.All), MemberType = typeof(Document))]
    public void Blocks_Language_SaysHowTheyAreChecked(Document document) =>
        Assert.All(document.Blocks(), block => Assert.Contains(block.Language, Languages));

    [Theory]
    [MemberData(nameof(Document.All), MemberType = typeof(Document))]
    public void Links_Relative_LeadToFilesAndAnchors(Document document)
    {
        foreach (Match link in Link().Matches(document.Prose()))
        {
            var (target, anchor) = (link.Groups[1].Value, link.Groups[2].Value);
            if (target.StartsWith("https://", StringComparison.Ordinal))
            {
                continue;
            }

            var path = target.Length == 0 ? document.FullPath
                : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document.FullPath)!, target));
            Assert.True(Path.Exists(path), $"{document}: {target} does not exist");
            if (anchor.Length > 0)
            {
                Assert.Contains(anchor[1..], new Document(Path.GetRelativePath(RepositoryFiles.Root, path)).Anchors());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Document.All), MemberType = typeof(Document))]
    public void Blocks_FromAFile_AreLinesOfIt(Document document)
    {
        foreach (var block in document.Blocks().Where(block => block.ValueOf("from") is not null))
        {
            var source = File.ReadAllText(Path.Combine(RepositoryFiles.Root, block.ValueOf("from")!));
            Assert.All(block.Text.TrimEnd().Split('\n'), line => Assert.True(Elided.IsIn(line.Trim(), source),
                $"{block.Place}: {block.ValueOf("from")} does not have: {line}"));
        }
    }

    [Theory]
    [MemberData(nameof(Document.All), MemberType = typeof(Document))]
    public void Blocks_OfJson_AreJson(Document document) =>
        Assert.All(document.Blocks().Where(block => block.Language == "json"), block => JsonDocument.Parse(block.Text).Dispose());

    /// <summary>Guides show no output that is not compared with what the program prints, or with a file that a test holds.</summary>
    [Theory]
    [MemberData(nameof(Document.All), MemberType = typeof(Document))]
    public void Guides_Text_HasASource(Document document)
    {
        var blocks = document.Name.Contains("/guides/", StringComparison.Ordinal) ? document.Blocks() : [];
        foreach (var (index, block) in blocks.Index().Where(pair => pair.Item.Language == "text"))
        {
            Assert.True(block.ValueOf("from") is not null || (index > 0 && blocks[index - 1].Language == "yaml"
                && (blocks[index - 1].Is("refused") || blocks[index - 1].Is("noted"))), $"{block.Place}: nothing checks this text");
        }
    }

    [GeneratedRegex(@"\]\(([^)#\s]*)(#[^)\s]+)?\)")]
    private static partial Regex Link();
}
