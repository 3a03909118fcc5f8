using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using RunnerWebhook.ClusterTests.Abuse;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests.Faults;

/// <summary>The server as a process on a machine that fails it.</summary>
public sealed class ProcessFaultTests
{
    private const int Descriptors = 300;

    private static readonly string Good = AbusedServer.Post(AbusedServer.Review);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Descriptors_Exhausted_AreNoEndAndServiceGoesOnAfterwards()
    {
        await using var server = new ServerProcess(drainSeconds: 0) { Wrapper = ["prlimit", $"--nofile={Descriptors}:{Descriptors}"] };
        await server.Ready();
        var connections = await Task.WhenAll(Enumerable.Range(0, Descriptors + 50).Select(_ => RawConnection.Open(server.Port, Cancellation)));
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);

        Array.ForEach(connections, connection => connection.Dispose());

        await Cluster.Until("service", async () => await Ask(server) == "200");
        await Cluster.Until("readiness", async () => await server.Admin("/readyz") == 200);
        Assert.DoesNotContain("\"LogLevel\":\"Critical\"", await server.ReadLog(), StringComparison.Ordinal);
        Assert.Equal(0, await server.Terminate());
    }

    [Theory]
    [InlineData("exec \"$@\" >/dev/full")]
    [InlineData("exec \"$@\" > >(head -c 100 >/dev/null)")]
    [InlineData("exec \"$@\" >&-")]
    // The runtime maps its code from a file that would be too large, too.
    [InlineData("export DOTNET_EnableWriteXorExecute=0; exec prlimit --fsize=100 \"$@\" >\"$(mktemp)\"")]
    public async Task Log_ThatCannotBeWritten_StopsNothing(string script)
    {
        await using var server = new ServerProcess(drainSeconds: 0) { Wrapper = ["bash", "-c", script, "bash"] };
        await server.Ready();

        for (var i = 0; i < 200; i++)
        {
            Assert.Equal("200", await Ask(server));
        }

        Assert.Equal(200, await server.Admin("/readyz"));
        Assert.Equal(0, await server.Terminate());
    }

    [Fact]
    public async Task Sigterm_AHundredTimes_DrainsOnceAndFailsNothing()
    {
        await using var server = new ServerProcess(drainSeconds: 4);
        await server.Ready();
        var process = server.ProcessId.ToString(CultureInfo.InvariantCulture);
        using var storm = Process.Start("/bin/sh", ["-c", $"for i in $(seq 100); do kill -TERM {process}; sleep 0.01; done"]);

        var answered = 0;
        await storm.WaitForExitAsync(Cancellation);
        while (await server.Admin("/readyz") == 503)
        {
            Assert.Equal("200", await Ask(server));
            answered++;
            if (answered == 10)
            {
                break;
            }
        }

        Assert.InRange(answered, 1, 10);
        Assert.Equal(0, await server.Terminate());
        var log = await server.ReadLog();
        Assert.Single(log.Split('\n'), line => line.Contains("stopping: no longer ready", StringComparison.Ordinal));
        Assert.DoesNotContain("\"LogLevel\":\"Error\"", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_WhileTheServerStarts_IsNoFailure()
    {
        // Its silence holds the start up for seconds.
        using var silent = new TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var kubeconfig = await Kubeconfig($"{silent.LocalEndpoint}");
        await using var server = new ServerProcess(drainSeconds: 0, new Dictionary<string, string> { ["KUBECONFIG"] = kubeconfig },
            "--kubeconfig", kubeconfig);
        await Cluster.Until("the start", async () => (await server.ReadLog()).Contains("configuration loaded", StringComparison.Ordinal));

        Assert.Equal(0, await server.Terminate());

        Assert.DoesNotContain("\"LogLevel\":\"Error\"", await server.ReadLog(), StringComparison.Ordinal);
        File.Delete(kubeconfig);
    }

    [Fact]
    public async Task Sighup_OfAClosedTerminal_Drains()
    {
        await using var server = new ServerProcess(drainSeconds: 0);
        await server.Ready();

        using var kill = Process.Start("/bin/kill", ["-HUP", server.ProcessId.ToString(CultureInfo.InvariantCulture)]);

        await Cluster.Until("a drain", async () => (await server.ReadLog()).Contains("stopping: no longer ready", StringComparison.Ordinal));
        Assert.Equal(0, await server.Terminate());
    }

    [Fact]
    public async Task Port_InUse_IsASentenceAndACode()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Any, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "runner-webhook.dll"),
            "serve", "--port", port, "--admin-port", "0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var log = process.StandardOutput.ReadToEndAsync(Cancellation);
        var error = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);

        Assert.Equal(1, process.ExitCode);
        Assert.Equal($"runner-webhook: Failed to bind to address https://[::]:{port}: address already in use.\n", error);
        Assert.DoesNotContain("   at ", await log, StringComparison.Ordinal);
        Assert.DoesNotContain("\"LogLevel\":\"Critical\"", await log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_OfTheApiServerThatNoResolverKnows_HoldsNothingUp()
    {
        var kubeconfig = await Kubeconfig("api-server.invalid:6443");
        await using var server = new ServerProcess(drainSeconds: 0, new Dictionary<string, string> { ["KUBECONFIG"] = kubeconfig },
            "--kubeconfig", kubeconfig);

        await server.Ready();

        Assert.Equal("200", await Ask(server));
        await Cluster.Until("a line in the log", async () =>
            (await server.ReadLog()).Contains("the cluster's release is not known", StringComparison.Ordinal));
        File.Delete(kubeconfig);
    }

    private static async Task<string> Kubeconfig(string apiServer)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $$$"""
            {"apiVersion":"v1","kind":"Config","current-context":"gone",
             "clusters":[{"name":"gone","cluster":{"server":"https://{{{apiServer}}}"}}],
             "users":[{"name":"gone","user":{"token":"x"}}],"contexts":[{"name":"gone","context":{"cluster":"gone","user":"gone"}}]}
            """, Cancellation);
        return file;
    }

    private static async Task<string> Ask(ServerProcess server)
    {
        try
        {
            using var connection = await RawConnection.OpenTls(server.Port, cancellation: Cancellation);
            await connection.Send(Good, Cancellation);
            var (text, isClosed) = await connection.ReadUntil("\r\n\r\n", TimeSpan.FromSeconds(10));
            return AbusedServer.Describe(text, isClosed);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return e.Message;
        }
    }
}
