using System.Security.Cryptography;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.FakeGitLab;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>The script that registers, as the init container runs it: whatever was before, one runner comes of it.</summary>
public sealed class GuardTests : IAsyncLifetime
{
    private const string Record = "etc/.record";
    private const string Kept = "init-runner: already registered\n";
    private const string Registered = "init-runner: registered\n";
    private const UnixFileMode Mode644 = (UnixFileMode)0b110_100_100;

    private static readonly (string, string) Legacy = ("REGISTRATION_TOKEN", "gitlabtoken");

    private RunnerSandbox _pod = null!;

    public static IEnumerable<TheoryDataRow<string>> Shells => PodShells.All();

    private GitLabState GitLab => _pod.GitLab.State;

    public async ValueTask InitializeAsync() => _pod = await RunnerSandbox.StartWithRealRunner();

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

        Assert.Equal(new(0, "init-runner: GitLab has lost the runner\n" + Registered), again);
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
    public async Task FirstStart_GitLabAwayForAWhile_TriesAgainAfterAWhileThatDiffers(string shell)
    {
        const string Failed = "init-runner: registration failed: status=\"502 Bad Gateway\"; try ";
        _pod.GitLab.Answer(CannedAnswer.BadGateway, 2);

        var run = await Guard(shell, Legacy, ("STANDIN_VERSION", "16.2.0"));

        Assert.Equal(0, run.ExitCode);
        Assert.Matches($"^{Failed}2 of 10 in [5-9] seconds\n{Failed}3 of 10 in 1[0-9] seconds\n{Registered}$", run.Output);
        AssertOneRunner();
    }

    [Fact]
    public async Task FirstStart_GitLabSaysInJsonThatItIsAway_TriesAgain()
    {
        _pod.GitLab.Answer(new(503, "application/json", """{"message":"GitLab is in maintenance mode"}"""), 5);

        var run = await Guard("dash", Legacy);

        Assert.Matches("^init-runner: registration failed: status=\"503 Service Unavailable \\(GitLab is in maintenance mode\\)\"; "
            + $"try 2 of 10 in [5-9] seconds\n{Registered}$", run.Output);
        AssertOneRunner();
    }

    [Fact]
    public async Task FirstStart_GitLabAwayForLong_GivesUpAndKubeletGoesOn()
    {
        await _pod.GitLab.GoDown();

        var run = await Guard("dash", Legacy);

        Assert.Equal(1, run.ExitCode);
        var lines = run.Output.Trim().Split('\n');
        Assert.Equal(10, lines.Length);
        Assert.All(lines, line => Assert.Contains("connect: connection refused\"", line));
        Assert.Matches(@"; try 10 of 10 in ([6-9][0-9]|1[01][0-9]) seconds$", lines[8]);
        Assert.EndsWith("connection refused\"", lines[9]);
        await _pod.GitLab.ComeBack();
        Assert.Equal(new(0, Registered), await Guard("dash", Legacy));
        AssertOneRunner();
    }

    public static TheoryData<string, string, string> LastingFailures => new()
    {
        { "", "GR1348941nope", "GitLab refuses the token in the Secret: status=\"403 Forbidden (403 Forbidden - invalid token supplied)\"" },
        { "410", "gitlabtoken", "GitLab refuses the token in the Secret: status=\"410 Gone (410 Gone - runner registration disallowed)\"" },
        { "--no-such-option=1", "gitlabtoken", "\"flag provided but not defined: -no-such-option\"" },
        { "--locked=no", "gitlabtoken", "\"invalid boolean value \\\"no\\\" for -locked: strconv.ParseBool: parsing \\\"no\\\": "
            + "invalid syntax\"" },
        { "--executor=dokcer", "gitlabtoken", "\"Invalid executor specified\"" },
        { "--maximum-timeout=5", "gitlabtoken", "status=\"400 Bad Request (maximum_timeout: needs to be at least 10 minutes)\"" },
        { "--name=a b", "GR1348941nope", "GitLab refuses the token in the Secret: status=\"403 Forbidden (403 Forbidden - invalid token supplied)\"" },
        { "--template-config=/no/such", "gitlabtoken", "\"Could not handle configuration merging from template file\" "
            + "error=\"configuration template must contain exactly one [[runners]] entry\"" },
        { "--config=/dev/null", "gitlabtoken", "register wrote no runner" },
        { "--access-level=gitlabtoken", "gitlabtoken", "\"Given access-level is not valid." },
        { "--limit=gitlabtoken", "gitlabtoken", "not shown, as it holds the token" },
        { "--limit=gitlabto", "gitlabtoken", "not shown, as it holds the token" },
    };

    [Theory]
    [MemberData(nameof(LastingFailures))]
    public async Task FirstStart_LastingFailure_SaysWhyInOneLineAndNoToken(string option, string token, string reason)
    {
        GitLab.RegistrationAllowed = option != "410";

        var run = await Guard("dash", [("REGISTRATION_TOKEN", token)], option.StartsWith('-') ? [option] : []);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("init-runner: registration failed: " + reason, run.Output);
        Assert.Single(run.Output.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain(token[..8], run.Output);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(422)]
    public async Task FirstStart_AnswerThatRepeatsTheToken_IsNotShown(int status)
    {
        _pod.GitLab.Answer(new(status, "application/json", "{\"message\":\"the token 'PLANTED-token' is wrong\"}"));

        var run = await Guard("dash", [("REGISTRATION_TOKEN", "PLANTED-token")], []);

        Assert.Equal(new(1, "init-runner: registration failed: not shown, as it holds the token\n"), run);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task FirstStart_GitLabNeverAnswers_IsGivenUpAndTriedAgain(string shell)
    {
        var called = new TaskCompletionSource();
        _pod.GitLab.Received = (_, _) => called.TrySetResult() ? new TaskCompletionSource().Task : Task.CompletedTask;
        var run = Guard(shell, Legacy);
        await Task.WhenAny(called.Task, run);
        _pod.EndLimit();

        Assert.Matches($"^init-runner: registration failed: timeout \\(exit code 137\\); try 2 of 10 in [5-9] seconds\n{Registered}$",
            (await run).Output);

        AssertOneRunner();
    }

    [Theory]
    [InlineData("CI_SERVER_TOKEN")]
    [InlineData("REGISTRATION_TOKEN")]
    public async Task FirstStart_LineFeedBehindTheToken_IsCutOff(string variable)
    {
        var token = GitLab.CreateRunner().Token;

        // With server-side options gitlab-runner refuses a token that it does not recognise.
        string[] more = variable == "REGISTRATION_TOKEN" ? ["--tag-list=a", "--run-untagged=true"] : [];
        Assert.Equal(new(0, Registered), await Guard("dash", [(variable, $" {token}\r\n")], more));

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

    public static MatrixTheoryData<string, int> ShellsAndCuts => new(["dash", "bash", "busybox"], [0, 1, 40]);

    [Theory]
    [MemberData(nameof(ShellsAndCuts))]
    public async Task SecondStart_EndedWhileRegisterSaved_LeavesNoSecondRunner(string shell, int cut)
    {
        await Guard(shell, Legacy);
        var text = (await Text(Record)).Split("# whole")[0];
        File.Delete(_pod.Config);
        await File.WriteAllTextAsync(_pod.PathOf(Record), text[..^cut], TestContext.Current.CancellationToken);

        Assert.Equal(new(0, Registered), await Guard(shell, Legacy));

        AssertOneRunner();
        Assert.Equal(["POST /runners 201", "DELETE /runners 204", "POST /runners 201"], _pod.Calls);
    }

    [Fact]
    public async Task SecondStart_TornRecordOfARunnerThatGitLabHasLost_RegistersAnew()
    {
        await Guard("dash", Legacy);
        var text = (await Text(Record)).Split("# whole")[0];
        File.Delete(_pod.Config);
        await File.WriteAllTextAsync(_pod.PathOf(Record), text, TestContext.Current.CancellationToken);
        GitLab.DeleteRunner(GitLab.Runners.Single().Id);

        Assert.Equal(new(0, Registered), await Guard("dash", Legacy));

        AssertOneRunner();
    }

    [Theory]
    [InlineData("TERM", "dash")]
    [InlineData("QUIT", "bash")]
    [InlineData("INT", "busybox")]
    public async Task Stopped_RegisterInFlight_EndsItAndTakesTheRunnerBack(string signal, string shell)
    {
        var signalled = new TaskCompletionSource();
        _pod.GitLab.Received = (_, _) => signalled.Task;
        using var container = Container(shell, [Legacy]);
        await UntilCalled();

        await container.Signal(signal);
        signalled.SetResult();
        var run = await container.End();

        Assert.Equal(new(143, "init-runner: stopped: removing the runner from GitLab\n"), run);
        Assert.Empty(GitLab.Runners);
        Assert.Equal(["POST /runners 201", "DELETE /runners 204"], _pod.Calls);
        Assert.Equal([".runner.sh", ".runner_system_id"], Directory.GetFiles(_pod.PathOf("etc")).Select(Path.GetFileName).Order());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Stopped_WhileWaitingForGitLab_EndsAtOnce(string shell)
    {
        await _pod.GitLab.GoDown();
        // A wait that is far longer than the patience with the container.
        _pod.Install("bin/sleep", "#!/bin/sh\n[ /proc/self/fd/1 -ef /dev/null ] || : >\"${0%/*}/waiting\"\nexec /bin/sleep 1000\n");
        using var container = Container(shell, [Legacy, ("PATH", _pod.PathOf("bin") + ":/usr/bin:/bin")]);
        await Wait.Until(() => File.Exists(_pod.PathOf("bin/waiting")));

        await container.Signal("TERM");

        Assert.Equal(143, (await container.End()).ExitCode);
        await _pod.GitLab.ComeBack();
    }

    [Fact]
    public async Task Stopped_GitLabHangs_DoesNotWaitForEver()
    {
        _pod.GitLab.Delay = TimeSpan.FromMinutes(10);
        using var container = Container("dash", [Legacy]);
        await UntilCalled();

        await container.Signal("TERM");
        _pod.EndLimit();

        Assert.Equal(143, (await container.End()).ExitCode);
        Assert.Empty(GitLab.Runners);
    }

    [Fact]
    public async Task Stopped_GitLabAnswersLate_LeavesNoRunner()
    {
        var signalled = new TaskCompletionSource();
        _pod.GitLab.Received = (_, _) => signalled.Task;
        _pod.GitLab.Delay = TimeSpan.FromSeconds(2);
        using var container = Container("dash", [Legacy]);
        await UntilCalled();

        await container.Signal("TERM");
        await Task.Delay(_pod.GitLab.Delay, TestContext.Current.CancellationToken);
        signalled.SetResult();

        Assert.Equal(143, (await container.End()).ExitCode);
        Assert.Empty(GitLab.Runners);
        Assert.Equal(["POST /runners 201", "DELETE /runners 204"], _pod.Calls);
    }

    [Theory]
    [InlineData("15.11.0", "CI_SERVER_TOKEN")]
    [InlineData("16.2.0", "REGISTRATION_TOKEN")]
    [InlineData("19.3.0", "CI_SERVER_TOKEN")]
    public async Task Stopped_AuthenticationToken_TheRunnerStays(string version, string variable)
    {
        var runner = GitLab.CreateRunner();
        (string, string)[] variables = [(variable, runner.Token), ("STANDIN_VERSION", version), ("STANDIN_PAUSE", "1")];
        using var container = Container("dash", variables);
        await Wait.Until(() => _pod.Calls.Length > 0);

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
    private Task UntilCalled() => Wait.Until(() => File.Exists(_pod.PathOf("etc/.output")));
}
