using RunnerWebhook.Core.Injection;
using RunnerWebhook.FakeGitLab;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>The preStop hook, run in the runner's container with the configuration mounted read-only.</summary>
public sealed class StopTests : IAsyncDisposable
{
    private const string Official = "dumb-init";
    private const string Bare = "gitlab-runner";
    private const string Wrapped = "sh";

    private RunnerSandbox _pod = null!;

    // The stand-in's version; empty for a real gitlab-runner, or the stand-in's newest.
    private string _version = "";

    public static IEnumerable<TheoryDataRow<string>> Shells => PodShells.All();

    public static MatrixTheoryData<string, string> ShellsAndInits => new(["dash", "bash", "busybox"], [Official, Bare, Wrapped]);

    public ValueTask DisposeAsync() => _pod.DisposeAsync();

    [Theory]
    [MemberData(nameof(ShellsAndInits))]
    public async Task Stop_JobRuns_UnregistersAndTheJobEndsByItself(string shell, string init)
    {
        await Register("REGISTRATION_TOKEN", "gitlabtoken");
        using var container = StartRunner(init);
        var job = _pod.GitLab.State.Enqueue(["/bin/sleep 1", "echo done"]).Id;
        await Wait.Until(() => Job(job).Status == "running");

        var hook = await Stop(container, shell);
        // The signal of images without one of their own, and in vain where a shell is in between.
        await container.Signal(init == Official ? "QUIT" : "TERM");
        await container.End();

        Assert.Equal("success", Job(job).Status);
        // A real one says more about the job, and in front of each line the time and the stream.
        Assert.Single(Job(job).Trace.Split('\n'), line => line == "done" || line.EndsWith("O done", StringComparison.Ordinal));
        Assert.True(PublishedProgram.IsRunnerReal || Job(job).Trace == "done\n");
        Assert.Empty(_pod.GitLab.State.Runners);
        Assert.Equal("", hook.Output);
        // Elsewhere the hook races the end of its container, and may die with it.
        Assert.True(init != Official || hook.ExitCode == 0, $"exit code {hook.ExitCode}");
        Assert.Single(_pod.Calls, "DELETE /runners 204");
    }

    [Theory]
    [MemberData(nameof(ShellsAndInits))]
    public async Task Stop_Idle_UnregistersAndEnds(string shell, string init)
    {
        await Register("REGISTRATION_TOKEN", "gitlabtoken");
        using var container = StartRunner(init);
        await Wait.Until(() => _pod.Calls.Contains("POST /jobs/request 204"));

        await Stop(container, shell);
        await container.Signal(init == Official ? "QUIT" : "TERM");
        await container.End();

        Assert.Empty(_pod.GitLab.State.Runners);
        Assert.Equal(1, _pod.Entries);
    }

    public static TheoryData<string, string> ShellsWithAnInit => new() { { "dash", Official }, { "bash", Bare }, { "busybox", Wrapped } };

    [Theory]
    [MemberData(nameof(ShellsWithAnInit))]
    public async Task Stop_GitLabNeverAnswers_TheRunnerGetsItsSignalWithinTenSeconds(string shell, string init)
    {
        await Register("REGISTRATION_TOKEN", "gitlabtoken");
        using var container = StartRunner(init);
        await Wait.Until(() => _pod.Calls.Contains("POST /jobs/request 204"));
        var never = new TaskCompletionSource();
        _pod.GitLab.Received = (method, _) => method == "DELETE" ? never.Task : Task.CompletedTask;
        var since = TimeProvider.System.GetTimestamp();

        await Stop(container, shell, ("PATH", _pod.PathOf("bin") + ":/usr/bin:/bin"));
        await container.Signal(init == Official ? "QUIT" : "TERM");
        await container.End();

        never.SetResult();
        Assert.InRange(TimeProvider.System.GetElapsedTime(since), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Stop_WithoutTheFile_TheScriptItselfDoesTheSame()
    {
        await Register("REGISTRATION_TOKEN", "gitlabtoken");
        File.Delete(HookFile);

        Assert.Equal(new(0, ""), await StopAlone("dash"));

        Assert.Empty(_pod.GitLab.State.Runners);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Stop_GitLabAway_EndsWell(string shell)
    {
        await Register("REGISTRATION_TOKEN", "gitlabtoken");
        await _pod.GitLab.GoDown();

        Assert.Equal(new(0, ""), await StopAlone(shell));

        await _pod.GitLab.ComeBack();
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Stop_NothingRegistered_EndsWellAndCallsNobody(string shell)
    {
        _pod = await RunnerSandbox.StartWithRealRunner();

        Assert.Equal(new(0, ""), await StopAlone(shell));

        Assert.Empty(_pod.Calls);
    }

    [Theory]
    [InlineData("19.3.0", "", "CI_SERVER_TOKEN", "DELETE /runners/managers 204")]
    [InlineData("16.2.0", "", "REGISTRATION_TOKEN", "DELETE /runners/managers 204")]
    [InlineData("16.0.0", "", "CI_SERVER_TOKEN", "DELETE /runners/managers 204")]
    [InlineData("15.11.0", "", "CI_SERVER_TOKEN", "")]
    [InlineData("13.12.0", "", "CI_SERVER_TOKEN", "")]
    [InlineData("19.3.0", "acme-", "CI_SERVER_TOKEN", "")]
    public async Task Stop_AuthenticationToken_NeverDeletesTheRunner(string version, string prefix, string variable, string call)
    {
        _version = version;
        _pod = await RunnerSandbox.Start(new() { TokenPrefix = prefix });
        var runner = _pod.GitLab.State.CreateRunner();
        await Register(variable, runner.Token);

        foreach (var shell in Shells)
        {
            _pod.GitLab.State.ClearRequests();
            var verify = await _pod.Runner(version, ["verify"]);
            Assert.True(_pod.Calls is ["POST /runners/verify 200"], $"{shell.Data}: {string.Join(", ", _pod.Calls)}: {verify}");

            Assert.Equal(new(0, ""), await StopAlone(shell.Data));

            Assert.Equal(call.Length > 0 ? [call] : [], _pod.Calls[1..]);
            Assert.Equal(runner, Assert.Single(_pod.GitLab.State.Runners));
        }
    }

    [Theory]
    [InlineData("13.12.0", "")]
    [InlineData("19.3.0", "")]
    [InlineData("19.3.0", "acme-")]
    public async Task Stop_RegisteredByARegistrationToken_DeletesTheRunner(string version, string prefix)
    {
        _version = version;
        _pod = await RunnerSandbox.Start(new() { TokenPrefix = prefix });
        await Register("REGISTRATION_TOKEN", "gitlabtoken");

        Assert.Equal(new(0, ""), await StopAlone("dash"));

        Assert.Empty(_pod.GitLab.State.Runners);
    }

    [Fact]
    public async Task Stop_SharedProcessNamespace_LeavesTheRunnersOfOtherContainers()
    {
        await Register("REGISTRATION_TOKEN", "gitlabtoken");
        var other = _pod.PathOf("bin/gitlab-runner");
        // A second container of the pod: other mounts, the same processes.
        using var pod = SandboxContainer.Start(_pod, isReadOnly: false,
            ["sh", "-c", $"unshare --mount {other} run & {other} run; wait"], Variables);
        await Wait.Until(() => _pod.Calls.Count(call => call == "POST /jobs/request 204") >= 4);

        var hook = await Stop(pod, "dash");

        Assert.Equal(new(0, ""), hook);
        var left = await pod.Execute(["sh", "-c", "grep -lx gitlab-runner /proc/[0-9]*/comm | wc -l"], Variables);
        Assert.Equal("1", left.Output.Trim());
    }

    private (string Name, string Value)[] Variables =>
        [.. _pod.PodVariables(("STANDIN_INTERVAL", "0.05"), ("CONFIG_FILE", _pod.Config)), .. _version.Length > 0
            ? new[] { ("STANDIN_VERSION", _version) } : []];

    private Job Job(long id) => _pod.GitLab.State.JobOf(id);

    private async Task Register(string variable, string token)
    {
        _pod ??= await RunnerSandbox.StartWithRealRunner();
        var guard = await _pod.Run([.. PodShells.Command("dash", Scripts.Guard), .. _pod.RegisterArguments(_pod.JobArguments)],
            [.. Variables, (variable, token)]);
        Assert.Equal(new(0, "init-runner: registered\n"), guard);
    }

    private SandboxContainer StartRunner(string init)
    {
        var runner = _pod.PathOf("bin/gitlab-runner");
        string[] command = init switch
        {
            Official => ["dumb-init", runner, "run"],
            Bare => [runner, "run"],
            _ => ["sh", "-c", $"{runner} run; true"],
        };
        if (init == Official)
        {
            DebianTool.Require("dumb-init");
        }

        return SandboxContainer.Start(_pod, isReadOnly: true, command, Variables);
    }

    private Task<ProcessRun> Stop(SandboxContainer container, string shell, params (string Name, string Value)[] more) =>
        container.Execute([.. File.Exists(HookFile) ? PodShells.File(shell, HookFile) : PodShells.Command(shell, Scripts.Hook), "unregister"],
            [.. Variables, .. more]);

    /// <summary>What the registration leaves for the hook.</summary>
    private string HookFile => _pod.PathOf("etc/" + Scripts.HookFile);

    private async Task<ProcessRun> StopAlone(string shell)
    {
        using var container = SandboxContainer.Start(_pod, isReadOnly: true, ["/bin/sleep", "60"], Variables);
        return await Stop(container, shell);
    }
}
