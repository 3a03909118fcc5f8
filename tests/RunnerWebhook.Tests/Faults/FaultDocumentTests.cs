using System.Text.RegularExpressions;
using Xunit;

namespace RunnerWebhook.Tests.Faults;

/// <summary>The table of faults in <c>src/docs/robustness.md</c>: each row names the test that shows it.</summary>
public sealed partial class FaultDocumentTests
{
    [Fact]
    public void Faults_Listed_EachNameATestThatExists()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "src", "docs", "robustness.md")));
        var sources = Directory.EnumerateFiles(RepositoryFiles.Tests, "*Tests.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).ToLookup(file => Path.GetFileNameWithoutExtension(file));

        Assert.True(rows.Count >= 20, $"only {rows.Count} faults");
        Assert.All(rows, row => Assert.Contains(sources[row.Groups[1].Value], file =>
            Regex.IsMatch(File.ReadAllText(file), $@"public (async Task|void) {row.Groups[2].Value}\(")));
    }

    [GeneratedRegex(@"(?m)^\|.*\| `(\w+Tests)\.(\w+)` \|$")]
    private static partial Regex Row();
}
