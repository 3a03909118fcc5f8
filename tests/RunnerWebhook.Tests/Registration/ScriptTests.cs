using RunnerWebhook.Core.Registration;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>The scripts that run in the pod: whatever happened before, exactly one runner is registered.</summary>
public sealed class ScriptTests : IDisposable
{
    private static readonly string[] Register = ["register", "--non-interactive", "--url=https://gitlab.example.com/"];

    private readonly PodShell _pod = new();

    /// <summary>The shells of this machine; dash and bash are on every Debian, busybox where it is installed.</summary>
    public static IEnumerable<TheoryDataRow<string>> Shells() => new[] { "dash", "bash", "busybox" }
        .Where(shell => File.Exists("/bin/" + shell) || File.Exists("/usr/bin/" + shell))
        .Select(shell => new TheoryDataRow<string>(shell));

    [Theory]
    [MemberData(nameof(Shells))]
    public void Guard_FirstStart_RegistersWithGlobalsAndStableIdentity(string shell)
    {
        var run = _pod.Run(shell, Scripts.Guard, Register);

        Assert.Equal((0, "init-runner: registered\n"), run);
        Assert.StartsWith("concurrent = 4\n", _pod.ConfigText);
        Assert.Equal(1, Runners());
        Assert.Equal("r_" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("team-a/node-1"u8))[..12],
            File.ReadAllText(_pod.PathOf("etc/.runner_system_id")));
        Assert.Equal((UnixFileMode)0b110_100_100, File.GetUnixFileMode(_pod.Config));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Guard_SecondStart_LeavesTheRunnerAndPrintsNoToken(string shell)
    {
        _pod.Run(shell, Scripts.Guard, Register);

        var again = _pod.Run(shell, Scripts.Guard, Register);

        Assert.Equal((0, "init-runner: config.toml holds a registered runner: nothing to do\n"), again);
        Assert.Equal(["register", "verify"], _pod.Calls);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Guard_RevokedRunner_RegistersAnewWithOneEntry(string shell)
    {
        _pod.Run(shell, Scripts.Guard, Register);
        _pod.GitLabIs("revoked");

        var again = _pod.Run(shell, Scripts.Guard, Register);

        Assert.Equal(0, again.ExitCode);
        Assert.Equal(["register", "verify", "unregister", "register"], _pod.Calls);
        Assert.Equal(1, Runners());
        Assert.DoesNotContain("glrt", again.Output);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Guard_GitLabAway_TriesAgain(string shell)
    {
        _pod.GitLabIs("down");

        var run = _pod.Run(shell, Scripts.Guard, Register);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("registration failed (try 1 of 30): next try in 5 seconds", run.Output);
        Assert.Equal(1, Runners());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Guard_EndedBetweenRegisteringAndSaying_TakesTheRunnerItHas(string shell)
    {
        File.WriteAllText(_pod.Config + ".registering", "concurrent = 4\n[[runners]]\n  token = \"glrt-abc\"\n");

        var run = _pod.Run(shell, Scripts.Guard, Register);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["verify"], _pod.Calls);
        Assert.Equal(1, Runners());
    }

    [Theory]
    [InlineData("")]
    [InlineData("concurrent = 4\n")]
    [InlineData("[[runn")]
    public void Guard_ConfigWithoutARunner_Registers(string content)
    {
        File.WriteAllText(_pod.Config, content);

        _pod.Run("dash", Scripts.Guard, Register);

        Assert.Equal(["register"], _pod.Calls);
        Assert.Equal(1, Runners());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Guard_HostileArguments_ArriveByteForByte(string shell)
    {
        string[] hostile = ["register", "--description=$(touch /tmp/x) `id` \"quoted\" 'single' \\ -- * ~ ;|&<>", "--env=A= b "];

        _pod.Run(shell, Scripts.Guard, hostile);

        Assert.Equal(hostile, _pod.Arguments);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Stop_Registered_UnregistersAndNeverFails(string shell)
    {
        _pod.Run(shell, Scripts.Guard, Register);

        var stop = _pod.Run(shell, Scripts.Stop);

        Assert.Equal((0, ""), stop);
        Assert.Equal("unregister", _pod.Calls[^1]);
    }

    [Fact]
    public void Stop_AuthenticationTokenWithAnOldRunner_LeavesTheRunner()
    {
        _pod.Run("dash", Scripts.Guard, Register);

        _pod.Run("dash", "GITLAB_RUNNER_VERSION=15.11.0; export GITLAB_RUNNER_VERSION\n" + Scripts.Stop);

        Assert.DoesNotContain("unregister", _pod.Calls);
    }

    public void Dispose() => _pod.Dispose();

    private int Runners() => _pod.ConfigText.Split("[[runners]]").Length - 1;
}
