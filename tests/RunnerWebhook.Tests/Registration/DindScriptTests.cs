using System.Net.Sockets;
using RunnerWebhook.Core.Injection;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>The hooks that keep an ordinary container's engine up before and behind the runner.</summary>
public sealed class DindScriptTests : IDisposable
{
    private readonly PodShell _pod = new();

    [Theory]
    [MemberData(nameof(PodShells.All), MemberType = typeof(PodShells))]
    public void Start_EngineComesUp_WaitsForIt(string shell)
    {
        Docker("""echo "$@" >>"$GITLAB/calls"; [ "$(wc -l <"$GITLAB/calls")" -ge 3 ]""");

        var run = _pod.Run(shell, Scripts.EngineStart, "docker", "--host=unix:///run/dind/docker.sock", "info");

        Assert.Equal((0, ""), run);
        Assert.Equal(Enumerable.Repeat("--host=unix:///run/dind/docker.sock info", 3), _pod.Calls);
    }

    [Theory]
    [MemberData(nameof(PodShells.All), MemberType = typeof(PodShells))]
    public void Ready_EngineAnswers_SocketIsOpenToEveryUser(string shell)
    {
        var path = _pod.PathOf("docker.sock");
        using var listener = Listen(path);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Docker("""echo "$@" >>"$GITLAB/calls"; exit "$1" """);

        Assert.Equal((1, ""), _pod.Run(shell, Scripts.EngineReady, path, "docker", "1", "info"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal((0, ""), _pod.Run(shell, Scripts.EngineReady, path, "docker", "0", "info"));

        Assert.Equal((UnixFileMode)0b110_110_110, File.GetUnixFileMode(path));
        Assert.Equal(["1 info", "0 info"], _pod.Calls);
    }

    [Theory]
    [MemberData(nameof(PodShells.All), MemberType = typeof(PodShells))]
    public void Start_EngineStaysDown_GivesUp(string shell)
    {
        Docker("""echo "$@" >>"$GITLAB/calls"; exit 1""");

        var run = _pod.Run(shell, Scripts.EngineStart, "docker", "--host=unix:///run/dind/docker.sock", "info");

        Assert.Equal((1, ""), run);
        Assert.Equal(120, _pod.Calls.Length);
    }

    [Theory]
    [MemberData(nameof(PodShells.All), MemberType = typeof(PodShells))]
    public async Task Stop_RunnerIsConnected_WaitsUntilItIsDone(string shell)
    {
        var path = _pod.PathOf("docker.sock");
        using var listener = Listen(path);
        using var other = Listen(path + "2");
        using var runner = Connect(path);
        using var accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        using var job = Connect(path + "2");
        using var acceptedJob = await other.AcceptAsync(TestContext.Current.CancellationToken);

        var stop = Task.Run(() => _pod.Run(shell, Scripts.EngineStop, path), TestContext.Current.CancellationToken);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);

        // The engine may keep its end of a connection whose client has gone.
        runner.Dispose();
        Assert.Equal((0, ""), await stop.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    public void Dispose() => _pod.Dispose();

    private void Docker(string script)
    {
        File.WriteAllText(_pod.PathOf("bin/docker"), "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(_pod.PathOf("bin/docker"), (UnixFileMode)0b111_101_101);
    }

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    private static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }
}
