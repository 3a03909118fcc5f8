using System.Security.Cryptography;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.FakeGitLab;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>The script that registers, as the init container runs it: whatever was before, one runner comes of it.</summary>
public sealed class GuardTests : IAsyncLifetime
{
    private const string Record = "etc/.registered.toml";
    private const string Draft = "etc/.registering.toml";
    private const string Kept = "init-runner: config.toml holds a registered runner: nothing to do\n";
    private const string Registered = "init-runner: registered\n";
    private const UnixFileMode Mode644 = (UnixFileMode)0b110_100_100;

    private static readonly (string, string) Legacy = ("REGISTRATION_TOKEN", "gitlabtoken");

    private RunnerSandbox _pod = null!;

    public static IEnumerable<TheoryDataRow<string>> Shells => PodShells.All();

    private GitLabState GitLab => _pod.GitLab.State;

    public async ValueTask InitializeAsync() => _pod = await RunnerSandbox.Start();

    public ValueTask DisposeAsync() => _pod.DisposeAsync();

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task FirstStart_Empty_RegistersWithGlobalsIdentityAndReadableFiles(string shell)
    {
        var run = await Guard(shell, Legacy);

        Assert.Equal(new(0, Registered), run);
        AssertOneRunner();
        Assert.StartsWith("concurrent = 4\n", _pod.ConfigText);
        Assert.Equal("r_" + Convert.ToHexStringLower(SHA256.HashData("team-a/node-1"u8))[..12],
            await Text("etc/.runner_system_id"));
        Assert.Equal(Mode644, File.GetUnixFileMode(_pod.Config));
        Assert.Equal(Mode644, File.GetUnixFileMode(_pod.PathOf("etc/.runner_system_id")));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task SecondStart_Registered_KeepsTheRunner(string shell)
    {
        await Guard(shell, Legacy);

        Assert.Equal(new(0, Kept), await Guard(shell, Legacy));

        Assert.Equal(["POST /runners 201", "POST /runners/verify 200"], _pod.Calls);
        AssertOneRunner();
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task SecondStart_RunnerRevoked_RegistersAnew(string shell)
    {
        await Guard(shell, Legacy);
        GitLab.DeleteRunner(GitLab.Runners.Single().Id);

        var again = await Guard(shell, Legacy);

        Assert.Equal(new(0, "init-runner: GitLab does not know the registered runner any more: registering anew\n" + Registered), again);
        AssertOneRunner();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SecondStart_GitLabAway_KeepsTheRunner(bool isProxyUp)
    {
        await Guard("dash", Legacy);
        if (isProxyUp)
        {
            _pod.GitLab.Answer(CannedAnswer.BadGateway);
        }
        else
        {
            await _pod.GitLab.GoDown();
        }

        Assert.Equal(new(0, Kept), await Guard("dash", Legacy));

        await _pod.GitLab.ComeBack();
        AssertOneRunner();
    }

    [Theory]
    [InlineData("CI_SERVER_TOKEN")]
    [InlineData("CI_SERVER_URL")]
    public async Task SecondStart_VariablesThatFilterVerify_KeepsTheRunner(string variable)
    {
        var token = GitLab.CreateRunner().Token;
        (string, string)[] variables = [("CI_SERVER_TOKEN", token), ("STANDIN_VERSION", "19.2.0"), (variable, variable == "CI_SERVER_URL"
            ? "http://elsewhere.example" : token)];
        await Guard("dash", variables);

        Assert.Equal(new(0, Kept), await Guard("dash", variables));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task FirstStart_GitLabAwayForAWhile_TriesAgain(string shell)
    {
        _pod.GitLab.Answer(CannedAnswer.BadGateway, 2);

        var run = await Guard(shell, Legacy);

        const string Failed = "init-runner: registration failed: GitLab answers with a server error (5xx) ";
        Assert.Equal(new(0, $"{Failed}(try 1 of 30); next try in 5 seconds\n{Failed}(try 2 of 30); next try in 5 seconds\n{Registered}"), run);
        AssertOneRunner();
    }

    [Fact]
    public async Task FirstStart_GitLabAwayForLong_GivesUpAndKubeletGoesOn()
    {
        await _pod.GitLab.GoDown();

        var run = await Guard("dash", Legacy);

        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith("registration failed: GitLab can not be reached: connection refused (try 30 of 30); kubelet will start this "
            + "container again\n", run.Output);
        await _pod.GitLab.ComeBack();
        Assert.Equal(new(0, Registered), await Guard("dash", Legacy));
        AssertOneRunner();
    }

    public static TheoryData<string, string, string> LastingFailures => new()
    {
        { "", "GR1348941nope", "GitLab refuses the token (403): it is wrong, expired or revoked; put a valid one into the Secret" },
        { "410", "gitlabtoken", "GitLab has registration tokens switched off (410): create a runner in GitLab (runner-webhook token "
            + "create) and put its glrt- token into the Secret" },
        { "--no-such-option=1", "gitlabtoken", "gitlab-runner refuses an option: FATAL: flag provided but not defined: -no-such-option" },
        { "--executor=dokcer", "gitlabtoken", "GitLab made the runner, but register failed after that: FATAL: Invalid executor "
            + "specified: dokcer" },
        { "--maximum-timeout=5", "gitlabtoken", "GitLab refuses a setting: 400 Bad Request "
            + """({"maximum_timeout":["needs to be at least 10 minutes"]})""" },
        { "--url=http://127.0.0.1:9/gitlabtoken", "gitlabtoken", "GitLab can not be reached: connection refused" },
        { "--config=/dev/null", "gitlabtoken", "register wrote no runner to" },
    };

    [Theory]
    [MemberData(nameof(LastingFailures))]
    public async Task FirstStart_LastingFailure_SaysWhyAndNoToken(string option, string token, string sentence)
    {
        GitLab.RegistrationAllowed = option != "410";

        var run = await Guard("dash", [("REGISTRATION_TOKEN", token)], option.StartsWith('-') ? [option] : []);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("init-runner: registration failed: " + sentence, run.Output);
        Assert.DoesNotContain(token, run.Output);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task FirstStart_TokenAsArgument_IsMaskedToo(string shell)
    {
        var run = await Run(shell, [], ["--registration-token=gitlabtoken", "--shell=a*b", "--limit=gitlabtoken/gitlabtoken"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("could not parse ***/*** as Number value for flag limit", run.Output);
    }

    [Theory]
    [InlineData("CI_SERVER_TOKEN")]
    [InlineData("REGISTRATION_TOKEN")]
    public async Task FirstStart_LineFeedBehindTheToken_IsCutOff(string variable)
    {
        var token = GitLab.CreateRunner().Token;

        Assert.Equal(new(0, Registered), await Guard("dash", (variable, token + "\r\n")));

        Assert.Contains($"token = \"{token}\"", _pod.ConfigText);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task AnyStart_ConfigCutAnywhere_KeepsTheRunner(string shell)
    {
        await Guard(shell, Legacy);
        var whole = await File.ReadAllBytesAsync(_pod.Config, TestContext.Current.CancellationToken);

        for (var length = 0; length < whole.Length - 1; length += 23)
        {
            await File.WriteAllBytesAsync(_pod.Config, whole[..length], TestContext.Current.CancellationToken);

            Assert.Equal(new(0, Kept), await Guard(shell, Legacy));
            Assert.Equal(whole, await File.ReadAllBytesAsync(_pod.Config, TestContext.Current.CancellationToken));
        }

        AssertOneRunner();
    }

    [Theory]
    [InlineData("")]
    [InlineData("concurrent = 4\n")]
    [InlineData("[[runn")]
    [InlineData("[[runners]]\n  name = \"x")]
    public async Task FirstStart_ForeignOrHalfWrittenConfig_IsReplaced(string content)
    {
        await File.WriteAllTextAsync(_pod.Config, content, TestContext.Current.CancellationToken);

        Assert.Equal(new(0, Registered), await Guard("dash", Legacy));

        AssertOneRunner();
    }

    [Fact]
    public async Task SecondStart_RecordLost_TakesWhatTheConfigHolds()
    {
        await Guard("dash", Legacy);
        await File.WriteAllTextAsync(_pod.PathOf(Record), "[[runners]]\n  url = \"htt", TestContext.Current.CancellationToken);

        Assert.Equal(new(0, Kept), await Guard("dash", Legacy));

        AssertOneRunner();
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task SecondStart_EndedWhileRegisterHadSaved_LeavesNoSecondRunner(string shell)
    {
        await Guard(shell, Legacy);
        var text = (await Text(Record)).Split("# Registered by")[0];
        File.Delete(_pod.Config);
        File.Delete(_pod.PathOf(Record));
        await File.WriteAllTextAsync(_pod.PathOf(Draft), text, TestContext.Current.CancellationToken);

        Assert.Equal(new(0, Registered), await Guard(shell, Legacy));

        AssertOneRunner();
        Assert.Equal(["POST /runners 201", "DELETE /runners 204", "POST /runners 201"], _pod.Calls);
    }

    [Theory]
    [InlineData("TERM", "dash")]
    [InlineData("QUIT", "bash")]
    [InlineData("INT", "busybox")]
    public async Task Stopped_RegisterInFlight_EndsItAndTakesTheRunnerBack(string signal, string shell)
    {
        _pod.GitLab.Delay = TimeSpan.FromMilliseconds(200);
        using var container = Container(shell, [Legacy]);
        await UntilCalled();

        await container.Signal(signal);
        var run = await container.End();

        Assert.Equal(new(143, "init-runner: told to stop: taking the runner out of GitLab again\n"), run);
        Assert.Empty(GitLab.Runners);
        Assert.Equal(["POST /runners 201", "DELETE /runners 204"], _pod.Calls);
        Assert.Equal([".runner_system_id"], Directory.GetFiles(_pod.PathOf("etc")).Select(Path.GetFileName));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Stopped_WhileWaitingForGitLab_EndsAtOnce(string shell)
    {
        await _pod.GitLab.GoDown();
        using var container = Container(shell, [Legacy, ("PATH", _pod.PathOf("bin") + ":/usr/bin:/bin")]);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        var since = TimeProvider.System.GetTimestamp();

        await container.Signal("TERM");
        var run = await container.End();

        Assert.Equal(143, run.ExitCode);
        Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(3));
        await _pod.GitLab.ComeBack();
    }

    [Fact]
    public async Task Stopped_GitLabHangs_DoesNotWaitForEver()
    {
        _pod.GitLab.Delay = TimeSpan.FromSeconds(30);
        using var container = Container("dash", [Legacy]);
        await UntilCalled();

        await container.Signal("TERM");

        Assert.Equal(143, (await container.End()).ExitCode);
        Assert.Empty(GitLab.Runners);
    }

    [Theory]
    [InlineData("15.11.0", "CI_SERVER_TOKEN")]
    [InlineData("16.2.0", "REGISTRATION_TOKEN")]
    [InlineData("19.3.0", "CI_SERVER_TOKEN")]
    public async Task Stopped_AuthenticationToken_TheRunnerStays(string version, string variable)
    {
        var runner = GitLab.CreateRunner();
        (string, string)[] variables = [(variable, runner.Token), ("STANDIN_VERSION", version), ("STANDIN_PAUSE", "0.2")];
        using var container = Container("dash", variables);
        await Until(() => _pod.Calls.Length > 0);

        await container.Signal("TERM");

        Assert.Equal(143, (await container.End()).ExitCode);
        Assert.Equal(runner.Id, Assert.Single(GitLab.Runners).Id);
        Assert.DoesNotContain("DELETE /runners 204", _pod.Calls);
    }

    private async Task<ProcessRun> Guard(string shell, params (string Name, string Value)[] variables)
    {
        var run = await Run(shell, variables, []);
        foreach (var token in GitLab.Runners.Select(runner => runner.Token).Append("gitlabtoken"))
        {
            Assert.DoesNotContain(token[..8], run.Output);
        }

        return run;
    }

    private Task<ProcessRun> Guard(string shell, (string Name, string Value)[] variables, string[] more) => Run(shell, variables, more);

    private async Task<ProcessRun> Run(string shell, (string Name, string Value)[] variables, string[] more) =>
        await _pod.Run([.. PodShells.Command(shell, Scripts.Guard), .. _pod.RegisterArguments(more)], _pod.PodVariables(variables));

    private SandboxContainer Container(string shell, (string Name, string Value)[] variables) => SandboxContainer.Start(_pod,
        isReadOnly: false, [.. PodShells.Command(shell, Scripts.Guard), .. _pod.RegisterArguments()], _pod.PodVariables(variables));

    private void AssertOneRunner()
    {
        Assert.Equal(1, _pod.Entries);
        Assert.Contains($"token = \"{Assert.Single(GitLab.Runners).Token}\"", _pod.ConfigText);
    }

    private Task<string> Text(string name) => File.ReadAllTextAsync(_pod.PathOf(name), TestContext.Current.CancellationToken);

    /// <summary>The file is there while gitlab-runner runs.</summary>
    private Task UntilCalled() => Until(() => File.Exists(_pod.PathOf("etc/.gitlab-runner.output")));

    private static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 1000 && !condition(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(condition(), "not within 10 seconds");
    }
}
