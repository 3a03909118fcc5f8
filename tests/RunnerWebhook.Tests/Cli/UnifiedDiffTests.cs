using System.Diagnostics;
using RunnerWebhook.Cli;
using RunnerWebhook.Tests.Registration;
using Xunit;

namespace RunnerWebhook.Tests.Cli;

public sealed class UnifiedDiffTests
{
    [Fact]
    public void Between_EqualTexts_IsEmpty() => Assert.Equal("", UnifiedDiff.Between("a\nb", "a\nb", "x"));

    [Fact]
    public void Between_OneLineAdded_HasThreeLinesOfContext() => Assert.Equal(
        "--- x.yaml\n+++ x.yaml\n@@ -2,6 +2,7 @@\n b\n c\n d\n+new\n e\n f\n g\n",
        UnifiedDiff.Between("a\nb\nc\nd\ne\nf\ng\nh\n", "a\nb\nc\nd\nnew\ne\nf\ng\nh\n", "x.yaml"));

    [Theory]
    [InlineData("a\nb\n", "a\nb")]
    [InlineData("a\nb", "a\nb\n")]
    [InlineData("a\nb", "a\nc")]
    [InlineData("a\r\nb\r\n", "a\r\nx\r\nb\r\n")]
    [InlineData("a\r\nb\r\n", "a\nb\r\n")]
    [InlineData("a\n\n\n b \n", "a\n\n b\t\n")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n", "x\n1\n2\n3\n4\n5\n6\n7\n8\ny\n")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n", "2\n3\n4\n5\n6\n7\n8\n9\nx\n10\n11\n12\n13\n14\n15")]
    [InlineData("A\n", "a\n")]
    public void Between_TwoTexts_IsWhatPatchApplies(string before, string after) =>
        Assert.Equal(after, Patched(before, UnifiedDiff.Between(before, after, "x")));

    [Fact]
    public void Between_RandomTexts_IsWhatPatchApplies()
    {
        var random = new Random(7);
        string Text() => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => "abc"[random.Next(3)] + "\n")) + "end";

        for (var round = 0; round < 40; round++)
        {
            var (before, after) = (Text(), Text());
            Assert.Equal(after, Patched(before, UnifiedDiff.Between(before, after, "x")));
        }
    }

    private static string Patched(string before, string diff)
    {
        DebianTool.Require("patch");
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "x");
            File.WriteAllText(file, before);
            File.WriteAllText(file + ".diff", diff);
            using var patch = Process.Start("patch", ["--binary", "-s", file, file + ".diff"]);
            patch.WaitForExit();
            Assert.Equal(0, patch.ExitCode);
            return File.ReadAllText(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
