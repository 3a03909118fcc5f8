using System.Text.RegularExpressions;
using RunnerWebhook.Tests.Golden;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>The samples that are no manifests, and that each of the others is a golden case.</summary>
public sealed partial class SampleTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "charts-free-manifests", "samples");

    // Predefined variables that GitLab has today, of those that jobs with images use.
    private static readonly string[] Variables =
        ["CI_COMMIT_REF_SLUG", "CI_COMMIT_SHORT_SHA", "CI_REGISTRY", "CI_REGISTRY_IMAGE", "CI_REGISTRY_PASSWORD", "CI_REGISTRY_USER"];

    [Fact]
    public void Samples_OfManifestsAndConfigurations_AreGoldenCases()
    {
        var linked = Directory.GetDirectories(GoldenCase.Folder, "sample-*").SelectMany(Directory.GetFiles)
            .Select(file => new FileInfo(file).LinkTarget).OfType<string>().Select(Path.GetFileName).Distinct();

        Assert.Empty(Directory.GetFiles(Folder, "*.yaml").Select(Path.GetFileName).Except(linked));
    }

    [Fact]
    public void Samples_All_AreInTheirList()
    {
        var list = File.ReadAllText(Path.Combine(Folder, "README.md"));

        Assert.All(Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)!).Except(["README.md"]),
            name => Assert.Contains($"[{name}]({name})", list));
    }

    [Fact]
    public async Task Pipeline_Script_BuildsAndPushesWhatItTags()
    {
        var job = YamlFile.Parse(File.ReadAllText(Path.Combine(Folder, "gitlab-ci.yml")), out _)!.Documents[0].Json.GetProperty("build");
        var script = string.Join('\n', job.GetProperty("script").EnumerateArray().Select(line => line.GetString()));

        var (calls, _) = await RecordedShell.Run("export CI_REGISTRY=r CI_REGISTRY_USER=u CI_REGISTRY_PASSWORD=p CI_REGISTRY_IMAGE=r/i "
            + "CI_COMMIT_SHORT_SHA=0123abcd\n" + script);

        Assert.Equal([["docker", "login", "--username", "u", "--password-stdin", "r"], ["docker", "build", "--tag", "r/i:0123abcd", "."],
            ["docker", "push", "r/i:0123abcd"]], calls);
        Assert.All(Variable().Matches(script).Select(match => match.Groups[1].Value), name => Assert.Contains(name, Variables));
        Assert.Contains(job.GetProperty("tags")[0].GetString()!, File.ReadAllText(Path.Combine(Folder, "config.yaml")));
    }

    [Fact]
    public void Pipeline_OfTheGuide_IsTheSample() => Assert.Contains(
        string.Join('\n', File.ReadAllLines(Path.Combine(Folder, "gitlab-ci.yml")).Where(line => !line.StartsWith('#'))),
        new Document("src/docs/guides/first-job.md").Text);

    [Fact]
    public void GitLab_Settings_AreAssignmentsAndTheTokenIsTheGuides()
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, "gitlab.rb")).Where(line => line.Length > 0 && line[0] != '#').ToArray();

        Assert.All(lines, line => Assert.Matches(@"^(\w+|gitlab_rails\['\w+'\]) ?=? '[^']+'$", line));
        Assert.Contains(lines[^1], new Document("src/docs/guides/first-job.md").Text);
        Assert.Contains("--from-literal=token=gitlabtoken", new Document("src/docs/guides/first-job.md").Text);
    }

    [GeneratedRegex(@"\$(CI_\w+)")]
    private static partial Regex Variable();
}
