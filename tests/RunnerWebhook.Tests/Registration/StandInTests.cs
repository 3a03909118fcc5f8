using System.Diagnostics;
using System.Globalization;
using RunnerWebhook.FakeGitLab;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>The stand-in does what its README says of gitlab-runner.</summary>
public sealed class StandInTests : IAsyncLifetime
{
    private const string Latest = "19.3.0";
    private const UnixFileMode Mode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private RunnerSandbox _sandbox = null!;

    public async ValueTask InitializeAsync() => _sandbox = await RunnerSandbox.Start();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Register_Twice_AppendsAndMakesTwoRunners()
    {
        Assert.Equal(0, (await Register(Latest, "--registration-token=gitlabtoken")).ExitCode);
        Assert.Equal(Mode600, File.GetUnixFileMode(_sandbox.Config));
        Assert.Matches("^r_[0-9a-zA-Z]{12}$", await File.ReadAllTextAsync(_sandbox.PathOf("etc/.runner_system_id"), TestContext.Current.CancellationToken));

        Assert.Equal(0, (await Register(Latest, "--registration-token=gitlabtoken")).ExitCode);

        Assert.Equal((2, 2), (_sandbox.Entries, _sandbox.GitLab.State.Runners.Length));
        Assert.Contains("""volumes = ["/a:/b", "/cache"]""", _sandbox.ConfigText);
    }

    [Fact]
    public async Task Register_ExistingFile_KeepsGlobalsAndMode()
    {
        await File.WriteAllTextAsync(_sandbox.Config, "concurrent = 4\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(_sandbox.Config, Mode600 | UnixFileMode.GroupRead);

        await Register(Latest, "--registration-token=gitlabtoken");

        Assert.StartsWith("concurrent = 4\n", _sandbox.ConfigText);
        Assert.Equal(Mode600 | UnixFileMode.GroupRead, File.GetUnixFileMode(_sandbox.Config));
    }

    [Theory]
    [InlineData("wrong", 1, "403")]
    [InlineData("gitlabtoken", 1, "410")]
    public async Task Register_Refused_EndsAtOnceWithoutAnEntry(string token, int exitCode, string status)
    {
        _sandbox.GitLab.State.RegistrationAllowed = status == "403";

        var run = await Register(Latest, "--registration-token=" + token);

        Assert.Equal((exitCode, 0), (run.ExitCode, _sandbox.Entries));
        Assert.Contains($"\u001b[31;1mstatus\u001b[0;m=POST {_sandbox.GitLab.Url}api/v4/runners: {status}", run.Output);
        Assert.Single(_sandbox.Calls);
    }

    [Fact]
    public async Task Register_GitLabAway_EndsAtOnce()
    {
        await _sandbox.GitLab.GoDown();

        Assert.Equal(1, (await Register(Latest, "--registration-token=gitlabtoken")).ExitCode);
        await _sandbox.GitLab.ComeBack();
    }

    [Theory]
    [InlineData("--no-such-flag", 1)]
    [InlineData("--locked=no", 1)]
    [InlineData("--access-level=anyone", 1)]
    public async Task Register_BadFlag_EndsBeforeAnyCall(string flag, int exitCode)
    {
        Assert.Equal(exitCode, (await Register(Latest, "--registration-token=gitlabtoken", flag)).ExitCode);
        Assert.Empty(_sandbox.Calls);
    }

    [Fact]
    public async Task Register_BadBooleanInVariable_EndsBeforeAnyCall() =>
        Assert.Equal(1, (await _sandbox.Runner(Latest, Line("--registration-token=gitlabtoken"), ("REGISTER_LOCKED", "no"))).ExitCode);

    [Fact]
    public async Task Register_BooleanWithASpace_TurnsTrueAndDropsTheRest()
    {
        await Register(Latest, "--registration-token=gitlabtoken", "--docker-privileged", "false", "--docker-memory=1g");

        Assert.Contains("privileged = true", _sandbox.ConfigText);
        Assert.DoesNotContain("\"1g\"", _sandbox.ConfigText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_Variables_AreReadWithoutTrimmingTheToken()
    {
        var token = _sandbox.GitLab.State.CreateRunner(new()).Token;

        Assert.Equal(0, (await _sandbox.Runner(Latest, Line(), ("REGISTRATION_TOKEN", "gitlabtoken\n"), ("DOCKER_DNS", "a,b"), ("DOCKER_MEMORY", ""))).ExitCode);
        Assert.Contains("""dns = ["a,b"]""", _sandbox.ConfigText);
        Assert.Equal(1, (await _sandbox.Runner(Latest, Line(), ("CI_SERVER_TOKEN", token + "\n"))).ExitCode);
    }

    [Theory]
    [InlineData("17.4.0", 2)]
    [InlineData(Latest, 1)]
    public async Task Register_WithoutTerminal_EndsAtOnce(string version, int exitCode)
    {
        var run = await _sandbox.Runner(version, ["register", "--url=" + _sandbox.GitLab.Url]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains("Unexpected EOF. Did you mean to use --non-interactive?", run.Output);
    }

    [Theory]
    [InlineData("--url=", "The url needs to be entered")]
    [InlineData("--tag-list=a", "The registration-token needs to be entered")]
    [InlineData("--no-such-flag=1", "Incorrect Usage: flag provided but not defined: -no-such-flag")]
    [InlineData("--locked=no", "invalid boolean value \"no\" for -locked: strconv.ParseBool: parsing \"no\": invalid syntax")]
    [InlineData("--template-config=/no/such", "configuration template must contain exactly one [[runners]] entry")]
    [InlineData("--prepare-timeout=2", "invalid value \"2\" for flag -prepare-timeout: time: missing unit in duration \"2\"")]
    [InlineData("--limit=2x", "invalid value \"2x\" for flag -limit: strconv.ParseInt: parsing \"2x\": invalid syntax")]
    [InlineData("--feature-flags={\"FF_A\":true}", "strconv.ParseBool: parsing \"true}\": invalid syntax")]
    public async Task Register_UnusableCommandLine_SaysWhy(string flag, string problem)
    {
        var run = await _sandbox.Runner(Latest, Line(flag));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(problem, run.Output);
    }

    [Fact]
    public async Task Register_UsageError_PrintsTheTokenOfTheEnvironment() => Assert.Contains("(default: \"gitlabtoken\") [$REGISTRATION_TOKEN]",
        (await _sandbox.Runner(Latest, Line("--no-such-flag"), ("REGISTRATION_TOKEN", "gitlabtoken"))).Output);

    [Theory]
    [InlineData("19.1.0", "[\"always\", \"if-not-present\"]", "[\"always,if-not-present\"]")]
    [InlineData("19.2.0", "[\"if-not-present\"]", "[\"always\", \"if-not-present\"]")]
    public async Task Register_PullPolicies_AreRepeatedOrJoinedByVersion(string version, string repeated, string joined)
    {
        await Register(version, "--registration-token=gitlabtoken", "--docker-pull-policy=always", "--docker-pull-policy=if-not-present");
        Assert.Contains("pull_policy = " + repeated, _sandbox.ConfigText);

        await Register(version, "--registration-token=gitlabtoken", "--docker-pull-policy=always,if-not-present");
        Assert.Contains("pull_policy = " + joined, _sandbox.ConfigText);
    }

    [Fact]
    public async Task Register_Maps_AreKeyAndValueRepeated()
    {
        await Register(Latest, "--registration-token=gitlabtoken", "--feature-flags=FF_A:true", "--feature-flags=FF_B:false",
            "--docker-ulimit=nofile:1024:2048", "--docker-services_devices=a:/dev/x", "--docker-services_devices=a:/dev/y");

        Assert.Contains("feature_flags = {\"FF_A\" = true, \"FF_B\" = false}", _sandbox.ConfigText);
        Assert.Contains("ulimit = {\"nofile\" = \"1024:2048\"}", _sandbox.ConfigText);
        Assert.Contains("services_devices = {\"a\" = [\"/dev/y\"]}", _sandbox.ConfigText);
    }

    [Theory]
    [InlineData("18.2.0", 1)]
    [InlineData("18.3.0", 5)]
    public async Task Register_ServerError_IsRetriedSince18_3(string version, int calls)
    {
        _sandbox.GitLab.Answer(CannedAnswer.BadGateway);

        Assert.Equal(1, (await Register(version, "--registration-token=gitlabtoken")).ExitCode);

        Assert.Equal(calls, _sandbox.Calls.Length);
    }

    [Theory]
    [InlineData("text", "level=error msg=\"Registering runner... forbidden (check registration token)\" correlation_id=01H runner=wrong-tok runner_name=build-1 status=\"POST ")]
    [InlineData("json", "\"level\":\"error\",\"msg\":\"Registering runner... forbidden (check registration token)\",\"runner\":\"wrong-tok\",\"runner_name\":\"build-1\",\"status\":\"POST ")]
    public async Task Register_LogFormat_IsPlainWhereAskedFor(string format, string line) => Assert.Contains(line,
        (await _sandbox.Runner(Latest, Line("--registration-token=wrong-token", "--description=build-1"), ("LOG_FORMAT", format))).Output);

    [Fact]
    public async Task Register_LineFeedInTheToken_SendsNothing()
    {
        var run = await _sandbox.Runner(Latest, Line(), ("CI_SERVER_TOKEN", "glrt-a\nb"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("invalid header field value for \"Runner-Token\"", run.Output);
        Assert.Empty(_sandbox.Calls);
    }

    [Theory]
    [InlineData("15.11.0", "docker-group-add", 1)]
    [InlineData("16.6.0", "docker-group-add", 0)]
    [InlineData("17.0.0", "pre-clone-script", 1)]
    public async Task Register_FlagOfAnotherVersion_IsUnknown(string version, string flag, int exitCode) =>
        Assert.Equal(exitCode, (await Register(version, "--registration-token=gitlabtoken", $"--{flag}=1")).ExitCode);

    [Theory]
    [InlineData("--executor=dokcer", 0)]
    [InlineData("--docker-image=", 0)]
    public async Task Register_ExecutorOrImageMissing_IsFoundAfterTheCallAndCleanedUp(string flag, int runners)
    {
        Assert.NotEqual(0, (await Register(Latest, "--registration-token=gitlabtoken", flag)).ExitCode);
        Assert.Equal(runners, _sandbox.GitLab.State.Runners.Length);
        Assert.Equal(["POST /runners 201", "DELETE /runners 204"], _sandbox.Calls);
    }

    [Theory]
    [InlineData("INT", 1, 0)]
    [InlineData("TERM", 143, 1)]
    public async Task Register_EndedBeforeItSaves_OnlySigintTakesTheRunnerBack(string signal, int exitCode, int runners)
    {
        using var register = _sandbox.Start([_sandbox.PathOf("bin/gitlab-runner"), .. Line("--registration-token=gitlabtoken")],
            ("STANDIN_PAUSE", "30"));
        await Wait.Until(() => _sandbox.GitLab.State.Runners.Length == 1);
        await Task.Delay(200, TestContext.Current.CancellationToken);

        using var kill = Process.Start("/bin/kill", ["-s", signal, register.Id.ToString(CultureInfo.InvariantCulture)]);
        await register.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((exitCode, runners, 0), (register.ExitCode, _sandbox.GitLab.State.Runners.Length, _sandbox.Entries));
    }

    [Theory]
    [InlineData("13.12.0", "wrong-to", "403 Forbidden\n")]
    [InlineData(Latest, "wrong-tok", "POST URLapi/v4/runners: 403 Forbidden (403 Forbidden - invalid token supplied)\n")]
    public async Task Register_Refused_PrintsTheReasonAndTheBeginningOfTheTokenColoured(string version, string shown, string status)
    {
        const string Color = "\u001b[31;1m", Reset = "\u001b[0;m";

        var run = await Register(version, "--registration-token=wrong-token-of-mine", "--description=build-1");

        Assert.Contains($"{Color}ERROR: Registering runner... forbidden (check registration token){Reset} ", run.Output);
        var name = version == Latest ? $" {Color}runner_name{Reset}=build-1" : "";
        Assert.Contains($" {Color}runner{Reset}={shown}{name} {Color}status{Reset}={status.Replace("URL", _sandbox.GitLab.Url.ToString(), StringComparison.Ordinal)}", run.Output);
    }

    [Theory]
    [InlineData("--token=", Latest, "", 0, "POST /runners/verify 200")]
    [InlineData("--token=", Latest, "--tag-list=a", 1, "")]
    [InlineData("--token=", Latest, "--locked=false", 1, "")]
    [InlineData("--registration-token=", Latest, "--tag-list=a", 0, "POST /runners/verify 200")]
    [InlineData("--registration-token=", "16.1.0", "", 0, "POST /runners/verify 200")]
    [InlineData("--registration-token=", "16.1.0", "--tag-list=a", 1, "")]
    [InlineData("--registration-token=", "15.7.0", "", 1, "POST /runners 403")]
    public async Task Register_AuthenticationToken_FollowsTheVersion(string flag, string version, string option, int exitCode, string call)
    {
        var token = _sandbox.GitLab.State.CreateRunner(new()).Token;

        var run = await Register(version, [flag + token, .. option.Length > 0 ? new[] { option } : []]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(call.Length > 0 ? [call] : [], _sandbox.Calls);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("--tag-list=a", 1)]
    public async Task Register_AuthenticationTokenWithWhiteSpace_IsComparedUntrimmed(string option, int exitCode)
    {
        var token = _sandbox.GitLab.State.CreateRunner(new()).Token;

        var run = await _sandbox.Runner(Latest, [.. Line(), .. option.Length > 0 ? new[] { option } : []], ("REGISTRATION_TOKEN", token + "\n"));

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(exitCode == 0 ? 1 : 0, _sandbox.Calls.Length);
    }

    [Fact]
    public async Task Verify_Runner_IsKnownRevokedOrUnreachable()
    {
        await Register(Latest, "--registration-token=gitlabtoken");

        Assert.Equal(0, (await _sandbox.Runner(Latest, ["verify"])).ExitCode);
        await _sandbox.GitLab.GoDown();
        Assert.Equal(0, (await _sandbox.Runner(Latest, ["verify"])).ExitCode);
        await _sandbox.GitLab.ComeBack();
        _sandbox.GitLab.State.DeleteRunner(_sandbox.GitLab.State.Runners[0].Id);
        Assert.Equal(1, (await _sandbox.Runner(Latest, ["verify"])).ExitCode);
    }

    [Theory]
    [InlineData("19.2.0", new[] { "verify" }, 1)]
    [InlineData("19.2.0", new[] { "verify", "--url=", "--token=" }, 0)]
    [InlineData("19.3.0", new[] { "verify" }, 0)]
    public async Task Verify_VariableOfTheServer_IsAFilterUntil19_2(string version, string[] command, int exitCode)
    {
        await Register(Latest, "--registration-token=gitlabtoken");

        Assert.Equal(exitCode, (await _sandbox.Runner(version, command, ("CI_SERVER_TOKEN", "other"))).ExitCode);
    }

    [Theory]
    [InlineData("15.11.0", "DELETE /runners 204", 0)]
    [InlineData("16.0.0", "DELETE /runners/managers 204", 1)]
    public async Task Unregister_AuthenticationToken_LeavesTheRunnerSince16_0(string version, string call, int runners)
    {
        await Register(Latest, "--token=" + _sandbox.GitLab.State.CreateRunner(new()).Token);

        Assert.Equal(0, (await _sandbox.Runner(version, ["unregister", "--all-runners"])).ExitCode);

        Assert.Equal(call, _sandbox.Calls[^1]);
        Assert.Equal((runners, 0), (_sandbox.GitLab.State.Runners.Length, _sandbox.Entries));
    }

    [Fact]
    public async Task Unregister_GitLabAway_KeepsTheEntryAndEndsWell()
    {
        await Register(Latest, "--registration-token=gitlabtoken");
        await _sandbox.GitLab.GoDown();

        Assert.Equal(0, (await _sandbox.Runner(Latest, ["unregister", "--all-runners"])).ExitCode);

        Assert.Equal(1, _sandbox.Entries);
        await _sandbox.GitLab.ComeBack();
    }

    [Theory]
    [InlineData("SIGQUIT", "success", "")]
    [InlineData("SIGTERM", "failed", "unknown_failure")]
    public async Task Run_SignalWhileAJobRuns_EndsOrAbortsIt(string signal, string status, string reason)
    {
        await Register(Latest, "--registration-token=gitlabtoken", "--run-untagged=true");
        var job = _sandbox.GitLab.State.Enqueue(["sleep 1", "echo done in $CI_PROJECT_PATH"]).Id;
        using var runner = _sandbox.Start([_sandbox.PathOf("bin/gitlab-runner"), "run"], ("STANDIN_INTERVAL", "0.1"));
        await Wait.Until(() => Job(job).Status == "running");

        using var kill = Process.Start("/bin/kill", ["-s", signal[3..], runner.Id.ToString(CultureInfo.InvariantCulture)]);
        await runner.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, status, reason), (runner.ExitCode, Job(job).Status, Job(job).FailureReason));
        Assert.Equal(status == "success" ? "done in group/project\n" : "", Job(job).Trace);
    }

    [Fact]
    public async Task Run_WithoutConfiguration_StaysUpAndTakesALaterOne()
    {
        using var runner = _sandbox.Start([_sandbox.PathOf("bin/gitlab-runner"), "run"], ("STANDIN_INTERVAL", "0.1"));
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.False(runner.HasExited);

        await Register(Latest, "--registration-token=gitlabtoken");
        await Wait.Until(() => _sandbox.Calls.Contains("POST /jobs/request 204"));

        runner.Kill();
    }

    [Fact]
    public async Task Anything_NotModelled_IsImpossibleToMiss()
    {
        var run = await _sandbox.Runner(Latest, ["unregister", "--name=x"]);

        Assert.Equal(70, run.ExitCode);
        Assert.Contains("!!! STAND-IN: unregister without --all-runners is not modelled", run.Output);
    }

    private Job Job(long id) => _sandbox.GitLab.State.JobOf(id);

    private string[] Line(params string[] more) => ["register", "--non-interactive", "--url=" + _sandbox.GitLab.Url, "--executor=docker",
        "--docker-image=docker:27", "--docker-volumes=/a:/b", .. more];

    private Task<ProcessRun> Register(string version, params string[] more) => _sandbox.Runner(version, Line(more));
}
