using System.Text.RegularExpressions;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>The workflows that test and publish; a linter's word on them is in the cluster tests.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows() => [.. Directory.GetFiles(Path.Combine(RepositoryFiles.Root, ".github", "workflows"))];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Actions_Used_ArePinnedToACommit(string file)
    {
        var uses = Uses().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(uses);
        Assert.All(uses, action => Assert.Matches("^[\\w-]+/[\\w-]+@[0-9a-f]{40} # v[0-9.]+$", action));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Steps_OfTheRepository_Exist(string file)
    {
        Assert.NotNull(YamlFile.Parse(File.ReadAllText(file), out _));
        var dev = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "dev"));
        var release = File.ReadAllText(Path.Combine(RepositoryFiles.Root, ".ci", "release"));
        foreach (Match call in Step().Matches(File.ReadAllText(file)))
        {
            Assert.Contains($"\n  {call.Groups[1].Value})\n", dev);
        }

        foreach (Match call in ReleaseStep().Matches(File.ReadAllText(file)))
        {
            Assert.Contains($"\n{call.Groups[1].Value.Replace('-', '_').Trim('_')}() {{\n", release);
        }
    }

    [Fact]
    public void Release_EveryPlatform_HasAMachine()
    {
        var rids = Rid().Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, ".github", "workflows", "release.yml"))).Select(match => match.Groups[1].Value);

        Assert.Equal(["linux-arm64", "linux-x64", "osx-arm64", "osx-x64", "win-arm64", "win-x64"], rids.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"uses: (.*)")]
    private static partial Regex Uses();

    [GeneratedRegex(@"\./dev (\w+)")]
    private static partial Regex Step();

    [GeneratedRegex(@"(?:\./dev|\.ci/)\s?release ([\w-]+)")]
    private static partial Regex ReleaseStep();

    [GeneratedRegex(@"rid: ([\w-]+),")]
    private static partial Regex Rid();
}
