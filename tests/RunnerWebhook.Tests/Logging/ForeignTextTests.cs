using RunnerWebhook.Logging;
using Xunit;

namespace RunnerWebhook.Tests.Logging;

public sealed class ForeignTextTests
{
    [Theory]
    [InlineData("runner-x7", "runner-x7")]
    [InlineData("", "")]
    [InlineData("Läufer 跑者", "Läufer 跑者")]
    [InlineData("a\nlevel=error", "a\\u000alevel=error")]
    [InlineData("\u001b[2Jgone", "\\u001b[2Jgone")]
    [InlineData("\u009b31m", "\\u009b31m")]
    [InlineData("abc\u202ecba", "abc\\u202ecba")]
    [InlineData("a\u2028b\0c", "a\\u2028b\\u0000c")]
    [InlineData("\U000e0041", "\\ue0041")]
    [InlineData("CN=glrt-of-a-created-runner", "CN=***")]
    [InlineData("https://user:secret@host/", "https://user:***@host/")]
    public void Word_AnyCharacters_AreOneLineWithoutControls(string text, string shown) =>
        Assert.Equal(shown, ForeignText.Word(text));

    [Theory]
    [InlineData("x")]
    [InlineData("\n")]
    [InlineData("\U0001f3c3")]
    public void Word_OfMegabytes_IsCut(string part)
    {
        var shown = ForeignText.Word(string.Concat(Enumerable.Repeat(part, 1_000_000)));

        Assert.InRange(shown.Length, ForeignText.MaxWord, ForeignText.MaxWord + 10);
        Assert.EndsWith("…", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(shown, char.IsControl);
    }

    [Fact]
    public void Word_HalfOfASurrogatePair_IsReplaced() => Assert.Equal("half \ufffd of a pair", ForeignText.Word("half \ud83d of a pair"));

    [Fact]
    public void Sentence_OfSeveralLines_IsOneLine() => Assert.Equal("one two", ForeignText.Sentence("one\ntwo"));
}
