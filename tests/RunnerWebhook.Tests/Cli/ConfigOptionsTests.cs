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

    [Theory]
    [InlineData("engine.dind.mtu")]
    [InlineData("profiles.NAME.engine.dind.mtu")]
    [InlineData("profiles.large.engine.dind.mtu")]
    public async Task Options_OfOneKey_ShowAllThatIsKnownOfIt(string path)
    {
        var run = await CommandRun.Of("config", "options", path);

        Assert.Equal((0, """
            profiles.NAME.engine.dind.mtu
              meaning     The MTU of its networks; 0 for dockerd's default
              takes       a whole number from 0 to 65535
              default     0
              annotation  none

            """.ReplaceLineEndings("\n"), ""), (run.ExitCode, run.Output, run.Error));
    }

    [Theory]
    [InlineData("engine", "profiles.NAME.engine.kind", "profiles.NAME.engine.podman.rootless")]
    [InlineData("policy[0].allow", "policy[].allow.engines", "policy[].allow.privileged")]
    [InlineData("gitlab-runner/token-secret", "profiles.NAME.token.secretName")]
    [InlineData("gitlab-runner/tag-list", "profiles.NAME.register.tag-list")]
    [InlineData("tag-list", "profiles.NAME.register.tag-list")]
    [InlineData("log.level", "log.level")]
    public async Task Options_OfASection_HoldEachOfItsKeys(string path, params string[] names)
    {
        var run = await CommandRun.Of("config", "options", path, "-o", "json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var found = JsonNode.Parse(run.Output)!.AsArray().Select(row => (string)row!["name"]!).ToArray();
        Assert.Empty(names.Except(found));
        Assert.DoesNotContain(found, name => name.StartsWith("profiles.NAME.cache", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("engine.dind.mtuu", "there is no setting 'engine.dind.mtuu' (did you mean 'engine.dind.mtu'?); config options lists all")]
    [InlineData("", "there is no setting ''")]
    [InlineData("profiles.NAME.nothing", "there is no setting 'profiles.NAME.nothing'")]
    public async Task Options_OfAnUnknownPath_AreAUsageError(string path, string error)
    {
        var run = await CommandRun.Of("config", "options", path);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(error, run.Error);
    }

    [Fact]
    public async Task Options_Tab_CompletesKeys()
    {
        var answer = (await CommandRun.Of("__complete", "config", "options", "engine.dind.m")).Output;

        Assert.Equal("words\nengine.dind.mtu\n", answer);
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
