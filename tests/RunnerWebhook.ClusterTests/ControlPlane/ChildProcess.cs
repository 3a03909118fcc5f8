using System.Diagnostics;
using System.Globalization;

namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>A server that a test started; it logs to a file and ends with the test host, whatever happens to that.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    // The shell watches the test host, so that nothing is left behind where the host is killed.
    private const string Watch = """
        log=$1; host=$2; shift 2
        "$@" >"$log" 2>&1 & child=$!
        trap 'kill -TERM "$child" 2>/dev/null' TERM
        while kill -0 "$child" 2>/dev/null; do
          if ! kill -0 "$host" 2>/dev/null; then kill -KILL "$child" 2>/dev/null; exit 1; fi
          sleep 0.2 & wait $! 2>/dev/null
        done
        wait "$child"
        """;

    private readonly Process _process;
    private readonly string _log;

    private ChildProcess(Process process, string log) => (_process, _log) = (process, log);

    public bool HasExited => _process.HasExited;

    public static ChildProcess Start(string log, string program, params string[] arguments)
    {
        var host = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("/bin/sh", ["-c", Watch, "watch", log, host, program, .. arguments]);
        return new(Process.Start(start)!, log);
    }

    /// <summary>The last lines of the log, for messages.</summary>
    public string Tail() => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(15)) : "(no log)";

    /// <summary>The whole log.</summary>
    public async Task<string> ReadLog()
    {
        await using var file = new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Sends SIGTERM to the server and waits for its end.</summary>
    /// <returns>The exit code; null where it had to be killed.</returns>
    public async Task<int?> Terminate(TimeSpan patience)
    {
        using var kill = Process.Start("/bin/kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var timeout = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Terminate(TimeSpan.FromSeconds(10));
        }

        _process.Dispose();
    }
}
