using System.Text.Json.Nodes;
using Xunit;

namespace RunnerWebhook.Tests.Tokens;

public sealed class TokenVerbTests : IAsyncLifetime
{
    private TokenScenario _scenario = null!;

    public async ValueTask InitializeAsync() => _scenario = await TokenScenario.Start();

    public ValueTask DisposeAsync() => _scenario.DisposeAsync();

    [Fact]
    public async Task Rotate_Print_ReplacesTheTokenAndPrintsItsSecret()
    {
        var before = _scenario.State.CreateRunner(new() { Description = "Docker" });

        var run = await _scenario.Run("rotate", "--description", "Docker", "--print");

        var after = Assert.Single(_scenario.State.Runners);
        Assert.NotEqual(before.Token, after.Token);
        Assert.Contains($"  token: {after.Token}\n", run.Output);
        Assert.Contains($"gitlab-runner/runner-id: \"{after.Id}\"\n", run.Output);
        Assert.StartsWith($"runner-webhook: reset the token of runner {after.Id} 'Docker'\n", run.Error);
    }

    [Fact]
    public async Task Rotate_ById_NeedsNoRightToList()
    {
        var group = _scenario.State.AddGroup("platform");
        var runner = _scenario.State.CreateRunner(new() { Description = "Docker" }, "group_type", group);
        _scenario.ActAs(new() { Value = "glpat-owner", Scopes = ["manage_runner"], Groups = [group] });

        var run = await _scenario.Run("rotate", "--id", $"{runner.Id}", "--print");

        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        Assert.NotEqual(runner.Token, Assert.Single(_scenario.State.Runners).Token);
    }

    [Theory]
    [InlineData("--id", "77", "there is no runner 77 at ")]
    [InlineData("--description", "x", "there is no runner 'x' at ")]
    public async Task Rotate_NoSuchRunner_IsTold(string option, string value, string expected)
    {
        var run = await _scenario.Run("rotate", option, value, "--print");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Error);
    }

    [Fact]
    public async Task Rotate_DryRun_LeavesTheToken()
    {
        var runner = _scenario.State.CreateRunner(new() { Description = "Docker" });

        var run = await _scenario.Run("rotate", "--description", "Docker", "--print", "--dry-run");

        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        Assert.Equal(runner, Assert.Single(_scenario.State.Runners));
    }

    [Fact]
    public async Task List_Administrator_SeesAllWithTagsAndManagers()
    {
        var group = _scenario.State.AddGroup("platform");
        var first = _scenario.State.CreateRunner(new() { Description = "Docker", Tags = ["docker", "linux"] });
        var second = _scenario.State.CreateRunner(new() { Description = "Nacht 漢\u001b", Tags = ["a\nb"], Paused = true }, "group_type", group);
        _scenario.State.SetContact(first.Id, "r_aaaaaaaaaaaa", DateTimeOffset.UtcNow);
        _scenario.State.SetContact(first.Id, "r_bbbbbbbbbbbb", DateTimeOffset.UtcNow.AddDays(-1));

        var run = await _scenario.Run("list");
        var json = JsonNode.Parse((await _scenario.Run("list", "-o", "json")).Output)!;

        Assert.Equal($"""
            ID   DESCRIPTION     TYPE       STATUS   TAGS           ONLINE   SECRET
            {first.Id}    Docker          instance   online   docker,linux   1/2      -
            {second.Id}    Nacht 漢\u001b   group      paused   a\nb           0/0      -

            """, run.Output);
        Assert.StartsWith("runner-webhook: note: the column SECRET is empty: there is no kubeconfig ", run.Error);
        Assert.Equal("Nacht 漢\u001b", (string)json[1]!["description"]!);
        Assert.Equal("""{"online":1,"total":2}""", json[0]!["managers"]!.ToJsonString());
        Assert.Equal("""["docker","linux"]""", json[0]!["tags"]!.ToJsonString());
    }

    [Fact]
    public async Task List_NobodySpecial_SeesTheirOwn()
    {
        var (mine, theirs) = (_scenario.State.AddGroup("mine"), _scenario.State.AddGroup("theirs"));
        _scenario.State.CreateRunner(new() { Description = "instance" });
        _scenario.State.CreateRunner(new() { Description = "other" }, "group_type", theirs);
        _scenario.State.CreateRunner(new() { Description = "own" }, "group_type", mine);
        _scenario.ActAs(new() { Value = "glpat-owner", Groups = [mine] });

        var all = await _scenario.Run("list");
        var group = await _scenario.Run("list", "--group", "mine", "-o", "json");

        Assert.Equal(2, all.Output.Count(c => c == '\n'));
        Assert.Contains(" own ", all.Output);
        Assert.Contains("only an administrator sees all runners", all.Error);
        Assert.Equal("own", (string)Assert.Single(JsonNode.Parse(group.Output)!.AsArray())!["description"]!);
    }

    [Fact]
    public async Task List_RunnersOfAGroupAbove_AreUsedAndNotOwned()
    {
        var (above, below) = (_scenario.State.AddGroup("platform"), _scenario.State.AddGroup("platform/ci"));
        _scenario.State.CreateRunner(new() { Description = "above" }, "group_type", above);
        _scenario.State.CreateRunner(new() { Description = "own" }, "group_type", below);
        _scenario.ActAs(new() { Value = "glpat-owner", Groups = [below] });

        var run = await _scenario.Run("list", "--group", "platform/ci", "-o", "json");

        Assert.Equal("own", (string)Assert.Single(JsonNode.Parse(run.Output)!.AsArray())!["description"]!);
    }

    [Fact]
    public async Task Remove_Confirmed_DeletesTheRunner()
    {
        var runner = _scenario.State.CreateRunner(new() { Description = "Docker" });
        _scenario.State.SetContact(runner.Id, "r_aaaaaaaaaaaa", DateTimeOffset.UtcNow);
        var asked = new List<string>();

        var no = await Remove(question => { asked.Add(question); return ""; });
        Assert.Equal((1, 1), (no.ExitCode, _scenario.State.Runners.Length));
        var yes = await Remove(_ => "y");

        Assert.Equal((0, 0), (yes.ExitCode, _scenario.State.Runners.Length));
        Assert.Equal($"Delete runner {runner.Id} 'Docker' (managers online now: 1)? [y/N]", Assert.Single(asked));
        Assert.Equal($"runner-webhook: deleted runner {runner.Id} 'Docker'\n", yes.Error);

        Task<Cli.CommandRun> Remove(Func<string, string> answer) => _scenario.RunWith((question, _) => answer(question),
            new() { ["GITLAB_TOKEN"] = _scenario.Token.Value }, "remove", "--url", $"{_scenario.GitLab.Url}", "--description", "Docker", "--keep-secret");
    }

    [Fact]
    public async Task Remove_Unasked_NeedsYes()
    {
        _scenario.State.CreateRunner(new() { Description = "Docker" });

        var without = await _scenario.Run("remove", "--description", "Docker", "--keep-secret");
        var dry = await _scenario.Run("remove", "--description", "Docker", "--keep-secret", "--dry-run");
        Assert.Equal((2, 0, 1), (without.ExitCode, dry.ExitCode, _scenario.State.Runners.Length));
        Assert.Contains("would delete runner ", dry.Error);

        var with = await _scenario.Run("remove", "--description", "Docker", "--keep-secret", "--yes");
        var again = await _scenario.Run("remove", "--description", "Docker", "--keep-secret", "--yes");

        Assert.Equal((0, 0, 0), (with.ExitCode, again.ExitCode, _scenario.State.Runners.Length));
        Assert.Contains("there is no runner 'Docker' at ", again.Error);
    }

    [Fact]
    public async Task AccessToken_FromEnvironmentOrPerson_IsTaken()
    {
        var url = _scenario.GitLab.Url.ToString();
        var questions = new List<(string, bool)>();

        var environment = await _scenario.RunWith(null, new() { ["GITLAB_TOKEN"] = _scenario.Token.Value }, "list", "--url", url);
        var person = await _scenario.RunWith(Answer, [], "list", "--url", url);

        Assert.Equal((0, 0), (environment.ExitCode, person.ExitCode));
        Assert.Equal(($"Access token for {url}:", true), Assert.Single(questions));

        string Answer(string question, bool isHidden)
        {
            questions.Add((question, isHidden));
            return _scenario.Token.Value;
        }
    }

    [Theory]
    [InlineData("--access-token")]
    [InlineData("--token")]
    [InlineData("--private-token")]
    public async Task AccessToken_AsArgument_IsRefusedAndNotRepeated(string option)
    {
        var run = await _scenario.RunWith(null, [], "list", "--url", $"{_scenario.GitLab.Url}", option, _scenario.Token.Value);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("runner-webhook: an argument is visible to other users of this machine: ", run.Error);
        Assert.Empty(_scenario.State.Requests);
    }

    [Theory]
    [InlineData("", "is empty, but should hold an access token")]
    [InlineData("two tokens", "should hold an access token and nothing else")]
    [InlineData("a\nb", "should hold an access token and nothing else")]
    [InlineData("glrt-t1_abc", "holds a runner's token (glrt-…), but should hold a user's access token (glpat-…)")]
    public async Task AccessToken_Unlikely_IsRefusedBeforeItIsSent(string content, string expected)
    {
        var run = await _scenario.RunWith(null, [], "list", "--url", $"{_scenario.GitLab.Url}", "--access-token-file", _scenario.Write("t", content));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error);
        Assert.Empty(_scenario.State.Requests);
    }

    [Theory]
    [InlineData("an access token of GitLab is needed", "list", "--url", "http://127.0.0.1:1")]
    [InlineData("GitLab's address is needed: --url", "list")]
    [InlineData("--url is 'gitlab.example.com', but must be an http or https URL", "list", "--url", "gitlab.example.com")]
    [InlineData("--url is not valid, but must be an http or https URL", "list", "--url", "http://u:p@127.0.0.1:1")]
    [InlineData("a description is needed", "create", "--url", "http://127.0.0.1:1")]
    [InlineData("--access-level is 'all', but must be one of not_protected, ref_protected", "create", "--access-level", "all")]
    [InlineData("--maximum-timeout is '5x', but must be 0 or a whole number, 600 or more", "create", "--maximum-timeout", "5x")]
    [InlineData("--group and --project exclude each other", "list", "--url", "http://127.0.0.1:1", "--group", "a", "--project", "b")]
    [InlineData("--type group needs --group ID", "list", "--type", "group")]
    [InlineData("--type instance does not go with --group", "list", "--type", "instance", "--group", "a")]
    [InlineData("--type project does not go with --group", "list", "--type", "project", "--group", "a")]
    [InlineData("--profile names a profile of the configuration, so it needs --config", "list", "--profile", "x")]
    [InlineData("Could not find a part of the path '/nonexistent/c.yaml'", "list", "--config", "/nonexistent/c.yaml")]
    [InlineData("--secret-name is 'A', but must be 1 to 253 lower-case letters", "create", "--url", "http://127.0.0.1:1", "--description", "a", "--secret-name", "A")]
    [InlineData("--secret-key is 'a/b', but must be 1 to 253 letters", "create", "--url", "http://127.0.0.1:1", "--description", "a", "--secret-key", "a/b")]
    [InlineData("name the runner: with --id, --description", "rotate", "--url", "http://127.0.0.1:1")]
    [InlineData("--id and --description exclude each other", "remove", "--id", "1", "--description", "a")]
    [InlineData("--timeout is 0, but must be from 1 to 3600", "list", "--timeout", "0")]
    [InlineData("Usage: see runner-webhook token create --help", "create", "--nonsense")]
    public async Task Usage_Wrong_ExitsWith2AndSaysWhy(string expected, params string[] arguments)
    {
        var run = await _scenario.RunWith(null, [], arguments);

        Assert.Contains(expected, run.Error);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Profile_Unknown_IsToldWithTheKnown()
    {
        var config = _scenario.Write("config.yaml", "apiVersion: runner-webhook/v1\nkind: Configuration\nprofiles: {default: {}, nightly: {}}\n");

        var run = await _scenario.Run("list", "--config", config, "--profile", "nigthly");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"{config} has no profile 'nigthly' (did you mean 'nightly'?): it has default, nightly\n", run.Error);
    }

    [Theory]
    [InlineData("token", "create")]
    [InlineData("token", "create", "--access-token-file", "--group", "--tag-list", "--secret-name", "--namespace", "--dry-run", "--print")]
    [InlineData("token", "rotate", "--id", "--description", "--force")]
    [InlineData("token", "list", "--output", "--ca-file")]
    [InlineData("token", "remove", "--yes", "--keep-secret")]
    public async Task Help_OfEachVerb_TellsItsOptions(string command, string verb, params string[] options)
    {
        var run = await Cli.CommandRun.Of([command, .. options.Length == 0 ? [] : new[] { verb }, "--help"]);

        Assert.Equal(0, run.ExitCode);
        Assert.All(options.Length == 0 ? ["create", "rotate", "list", "remove"] : options, option => Assert.Contains(option, run.Output));
        Assert.DoesNotContain("--private-token", run.Output);
    }
}
