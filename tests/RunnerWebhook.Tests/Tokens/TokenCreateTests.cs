using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.FakeGitLab;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Tokens;

public sealed class TokenCreateTests : IAsyncLifetime
{
    private TokenScenario _scenario = null!;

    public async ValueTask InitializeAsync() => _scenario = await TokenScenario.Start();

    public ValueTask DisposeAsync() => _scenario.DisposeAsync();

    [Fact]
    public async Task Create_Print_MakesTheRunnerAndPrintsItsSecret()
    {
        var run = await _scenario.Run("create", "--description", "Docker", "--tag-list", "docker, linux", "--locked",
            "--paused=false", "--access-level", "ref_protected", "--maximum-timeout", "3600", "--maintenance-note", "ask ops",
            "--print", "-n", "team");

        var runner = Assert.Single(_scenario.State.Runners);
        Assert.Equal((0, 1), (run.ExitCode, _scenario.State.Requests.Count(request => request.Method == "POST")));
        Assert.Equal($$"""
            apiVersion: v1
            kind: Secret
            metadata:
              name: gitlab-runner-token
              namespace: team
              labels:
                app.kubernetes.io/managed-by: runner-webhook
              annotations:
                gitlab-runner/url: {{_scenario.GitLab.Url}}
                gitlab-runner/runner-id: "{{runner.Id}}"
            type: Opaque
            stringData:
              token: {{runner.Token}}

            """, run.Output);
        Assert.Equal($"""
            runner-webhook: created runner {runner.Id} 'Docker' of the instance
            runner-webhook: the runner's token is on standard output, as asked: keep it out of logs and shell history

            """, run.Error);
        Assert.Equal(("Docker", "docker linux", false, true, false, "ref_protected", 3600, "ask ops"), Shape(runner.Attributes));
        Assert.All(_scenario.State.Requests, request => Assert.Equal(_scenario.Token.Value, request.Headers["PRIVATE-TOKEN"]));
    }

    [Fact]
    public async Task Create_OutputJson_PrintsTheSameAsJson()
    {
        var run = await _scenario.Run("create", "--description", "Docker", "-o=json", "--secret-name", "other", "--secret-key", "key");

        var secret = JsonNode.Parse(run.Output)!;
        var runner = Assert.Single(_scenario.State.Runners);
        Assert.Equal(("other", runner.Token), ((string)secret["metadata"]!["name"]!, (string)secret["stringData"]!["key"]!));
        Assert.Null(secret["metadata"]!["namespace"]);
        Assert.True(runner.Attributes.RunUntagged);
    }

    [Theory]
    [InlineData("--group", "platform/ci", "group_type")]
    [InlineData("--project", "platform/ci/app", "project_type")]
    public async Task Create_OwnerByPathOrId_IsTheSameOwner(string option, string path, string type)
    {
        var ids = (_scenario.State.AddGroup("platform/ci"), _scenario.State.AddProject("platform/ci/app"));
        var id = type == "group_type" ? ids.Item1 : ids.Item2;

        var byPath = await _scenario.Run("create", option, path, "--description", "a", "--print");
        var byId = await _scenario.Run("create", option, $"{id}", "--type", type.Split('_')[0], "--description", "b", "--print");

        Assert.Equal((0, 0), (byPath.ExitCode, byId.ExitCode));
        Assert.All(_scenario.State.Runners, runner => Assert.Equal((type, id), (runner.Type, runner.OwnerId)));
        Assert.Contains($"created runner {_scenario.State.Runners[0].Id} 'a' of {option[2..]} {path}\n", byPath.Error);
        Assert.Contains(_scenario.State.Requests, request => request.Path.EndsWith("s/" + Uri.EscapeDataString(path), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Create_SameDescriptionTwice_IsMadeOnceAndPointsToRotate()
    {
        await _scenario.Run("create", "--description", "Docker", "--tag-list", "a", "--print");

        var again = await _scenario.Run("create", "--description", "Docker", "--tag-list", "a,b", "--print");

        var runner = Assert.Single(_scenario.State.Runners);
        Assert.Equal(1, again.ExitCode);
        Assert.Equal($"""
            runner-webhook: note: runner {runner.Id} 'Docker' has the tags a, not a,b: token create does not change them, GitLab's pages do
            runner-webhook: runner {runner.Id} 'Docker' already exists, and GitLab shows a token only once: give it a new one with runner-webhook token rotate --id {runner.Id} --print

            """, again.Error);
        Assert.Empty(again.Output);
    }

    [Fact]
    public async Task Create_SameDescriptionElsewhere_IsAnotherRunner()
    {
        var (above, below) = (_scenario.State.AddGroup("platform"), _scenario.State.AddGroup("platform/ci"));
        _scenario.State.CreateRunner(new() { Description = "Docker" });
        _scenario.State.CreateRunner(new() { Description = "Docker" }, "group_type", above);

        var run = await _scenario.Run("create", "--group", "platform/ci", "--description", "Docker", "--print");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(below, _scenario.State.Runners[^1].OwnerId);
    }

    [Fact]
    public async Task Create_SeveralOfThatDescription_NamesThem()
    {
        var ids = Enumerable.Range(0, 2).Select(_ => _scenario.State.CreateRunner(new() { Description = "Docker" }).Id).ToArray();

        var run = await _scenario.Run("create", "--description", "Docker", "--print");

        Assert.Equal((1, 2), (run.ExitCode, _scenario.State.Runners.Length));
        Assert.Contains($"2 runners of the instance are described 'Docker' ({ids[0]}, {ids[1]}): ", run.Error);
    }

    [Fact]
    public async Task Create_AmongManyPages_FindsTheOneThatIsThere()
    {
        for (var i = 0; i < 250; i++)
        {
            _scenario.State.CreateRunner(new() { Description = $"runner {i}" });
        }

        var run = await _scenario.Run("create", "--description", "runner 3", "--print");

        Assert.Equal((1, 250), (run.ExitCode, _scenario.State.Runners.Length));
        Assert.Equal(3, _scenario.State.Requests.Count(request => request.Path.StartsWith("/api/v4/runners/all", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Create_DryRun_ChangesNothing()
    {
        var run = await _scenario.Run("create", "--description", "Docker", "--print", "--dry-run");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"runner-webhook: would create a runner 'Docker' of the instance at {_scenario.GitLab.Url}, and print its Secret\n", run.Error);
        Assert.Empty(run.Output);
        Assert.DoesNotContain(_scenario.State.Requests, request => request.Method != "GET");
    }

    [Fact]
    public async Task Create_WithConfiguration_TakesWhatIsNotGivenFromTheProfile()
    {
        var config = _scenario.Write("config.yaml", $$$"""
            apiVersion: runner-webhook/v1
            kind: Configuration
            profiles:
              default: {register: {url: "http://127.0.0.1:1"}}
              nightly:
                register: {url: "{{{_scenario.GitLab.Url}}}", description: Nightly, tag-list: [night, docker], locked: true, maximum-timeout: 7200}
                token: {secretName: nightly, secretKey: runner}
            """);
        var token = _scenario.Write("token", _scenario.Token.Value);

        var run = await _scenario.RunWith(null, [], "create", "--config", config, "--profile", "nightly", "--access-token-file", token,
            "--tag-list", "night", "--print");

        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        var runner = Assert.Single(_scenario.State.Runners);
        Assert.Equal(("Nightly", "night", false, true, false, "not_protected", 7200, null), Shape(runner.Attributes));
        Assert.Contains("  name: nightly\n", run.Output);
        Assert.Contains($"  runner: {runner.Token}\n", run.Output);
    }

    [Theory]
    [InlineData("it's \"quoted\" $(id) `id` \\ ☃ 漢")]
    [InlineData("--print")]
    [InlineData("- a: {b}")]
    public async Task Create_HostileDescription_ArrivesAsItIs(string description)
    {
        var run = await _scenario.Run("create", "--print", $"--description={description}");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(description, Assert.Single(_scenario.State.Runners).Attributes.Description);
        Assert.Equal(1, (await _scenario.Run("create", "--print", $"--description={description}")).ExitCode);
        Assert.NotNull(YamlFile.Parse(run.Output, out _));
    }

    [Fact]
    public async Task Create_TokenThatExpires_IsToldOf()
    {
        _scenario.State.TokenExpiry = new(2031, 2, 3, 4, 5, 6, TimeSpan.Zero);

        var run = await _scenario.Run("create", "--description", "Docker", "--print");

        Assert.Contains("note: the token expires at 2031-02-03 04:05:06Z, and a runner can't renew it in a read-only config.toml: ", run.Error);
    }

    [Fact]
    public async Task Create_OutputIsClosed_RemovesTheRunnerAgain()
    {
        var token = _scenario.Write("token", _scenario.Token.Value);
        await using var full = new StreamWriter(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0), new UTF8Encoding(false));
        await using var error = new StringWriter();

        var exitCode = await RunnerWebhook.Cli.CommandLine.Run(["token", "create", "--url", $"{_scenario.GitLab.Url}",
            "--access-token-file", token, "--description", "Docker", "--print"], new(Stream.Null, full, error));

        Assert.Equal(1, exitCode);
        Assert.Empty(_scenario.State.Runners);
        Assert.Contains("was removed again: correct that, and repeat the command", error.ToString());
    }

    [Fact]
    public async Task Create_NoCluster_MakesNothing()
    {
        var run = await _scenario.Run("create", "--description", "Docker");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("there is no kubeconfig ", run.Error);
        Assert.Empty(_scenario.State.Runners);
    }

    private static (string, string, bool, bool, bool, string, int?, string?) Shape(RunnerAttributes runner) =>
        (runner.Description, string.Join(' ', runner.Tags), runner.RunUntagged, runner.Locked, runner.Paused, runner.AccessLevel,
            runner.MaximumTimeout, runner.MaintenanceNote);
}
