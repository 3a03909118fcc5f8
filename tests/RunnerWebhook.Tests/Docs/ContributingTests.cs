using System.Text.RegularExpressions;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>The map in CONTRIBUTING.md.</summary>
public sealed partial class ContributingTests
{
    private static readonly string Map = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "CONTRIBUTING.md"));

    [Fact]
    public void Map_OfSources_NamesEveryFolder() => Assert.All(
        Folders("src").SelectMany(folder => Folders(folder).Prepend(folder)).Concat(Folders("tests")),
        folder => Assert.Contains($"`{Path.GetFileName(folder)}`", Names(), StringComparer.Ordinal));

    [Fact]
    public void Verbs_OfDev_AreAllNamed()
    {
        var verbs = Verb().Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "dev")))
            .Select(match => match.Groups[1].Value).ToArray();

        Assert.Contains("build", verbs);
        Assert.All(verbs, verb => Assert.Matches($"`{verb}`|`./dev {verb}", Map));
    }

    // Of `src/RunnerWebhook.Yaml`, `… /Cli` and `Json` the last part.
    private static IEnumerable<string> Names() => Code().Matches(Map).Select(match => $"`{match.Groups[1].Value}`");

    private static IEnumerable<string> Folders(string folder) => Directory.GetDirectories(Path.Combine(RepositoryFiles.Root, folder))
        .Where(path => Path.GetFileName(path) is not ("bin" or "obj"));

    [GeneratedRegex("`(?:[^`\\n]*/)?([^`/\\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^  ([a-z]+)\)", RegexOptions.Multiline)]
    private static partial Regex Verb();
}
