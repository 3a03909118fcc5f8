using System.Text.Json.Nodes;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Resolution;
using Xunit;

namespace RunnerWebhook.Tests.Cli;

public sealed class ConfigOptionsTests
{
    [Fact]
    public async Task Options_AsMarkdown_AreThePublishedReference()
    {
        var run = await CommandRun.Of("config", "options", "-o", "markdown");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var published = Path.Combine(RepositoryFiles.Root, "src", "docs", "settings.md");
        Assert.True(await File.ReadAllTextAsync(published, TestContext.Current.CancellationToken) == run.Output,
            "src/docs/settings.md is stale: run ./dev docs");
        Assert.All(RegisterOptions.All, option => Assert.Single(run.Output.Split('\n'), line => line.StartsWith($"| `{option.Name}` |", StringComparison.Ordinal)));
        Assert.All(SettingsResolver.StructuralNames, name => Assert.Contains($"| `gitlab-runner/{name}` |", run.Output));
        Assert.DoesNotMatch("\\|\n\\|[^\n]*[^|\n]\n", run.Output);
    }

    [Fact]
    public async Task Options_AsJson_HoldWhatIsKnownOfEach()
    {
        var run = await CommandRun.Of("config", "options", "-o", "json");

        var options = JsonNode.Parse(run.Output)!["register"]!.AsArray();
        Assert.Equal(RegisterOptions.All.Length, options.Count);
        var tags = options.Single(option => (string)option!["name"]! == "tag-list")!;
        Assert.Equal((true, true, "RUNNER_TAG_LIST"), ((bool)tags["list"]!, (bool)tags["serverSide"]!, (string)tags["variable"]!));
        var memory = options.Single(option => (string)option!["name"]! == "docker-memory")!;
        Assert.Equal(("memory", "[runners.docker] memory"), ((string)memory["kind"]!, (string)memory["key"]!));
    }

    [Fact]
    public async Task Options_AsTable_HasALineEach()
    {
        var run = await CommandRun.Of("config", "options");

        Assert.Contains("\n  docker-image ", run.Output);
        Assert.Contains("[GitLab]", run.Output);
        Assert.Contains("\n  token-secret ", run.Output);
        Assert.Contains("\n  profiles.NAME.token.secretName ", run.Output);
    }
}
