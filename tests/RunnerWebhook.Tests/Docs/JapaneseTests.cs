using System.Text.RegularExpressions;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>The Japanese pages show what the English ones show: the same blocks in the same order, and no command of their own.</summary>
public sealed partial class JapaneseTests
{
    [Theory]
    [InlineData("README.md", "src/docs/ja/README.md")]
    [InlineData("src/docs/guides/first-job.md", "src/docs/ja/first-job.md")]
    public void Blocks_OfThePage_AreThoseOfTheEnglishOne(string english, string japanese) =>
        Assert.Equal(new Document(english).Blocks().Select(block => (string.Join(' ', block.Info), block.Text)),
            new Document(japanese).Blocks().Select(block => (string.Join(' ', block.Info), block.Text)));

    [Theory]
    [InlineData("README.md", "src/docs/ja/README.md")]
    [InlineData("src/docs/guides/first-job.md", "src/docs/ja/first-job.md")]
    public void Words_OfCode_AreInTheEnglishPageToo(string english, string japanese)
    {
        var known = Code(new Document(english)).ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(Code(new Document(japanese)), code => !known.Contains(code));
    }

    [Fact]
    public void Readme_InEnglish_LeadsToTheJapaneseOne() =>
        Assert.Contains("[日本語](src/docs/ja/README.md)", new Document("README.md").Text);

    private static IEnumerable<string> Code(Document document) =>
        Span().Matches(document.Prose()).Select(match => Regex.Replace(match.Groups[1].Value, @"\s+", " "));

    [GeneratedRegex(@"(?<!`)`([^`]+)`(?!`)")]
    private static partial Regex Span();
}
