using System.Diagnostics;
using System.Globalization;

namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>A server that a test started; it logs to a file and ends with the test host, whatever happens to that. The
/// folder of the log is the test run's own: where the host is killed it goes too.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    // The shell watches the test host, so that nothing is left behind where the host is killed; in a session of its own,
    // because what kills the host may kill its process group.
    private const string Watch = """
        log=$1; host=$2; shift 2
        "$@" >"$log" 2>&1 & child=$!
        trap 'kill -TERM "$child" 2>/dev/null' TERM
        alive() { kill -0 "$1" 2>/dev/null; }
        nap() { sleep 0.2 & wait $! 2>/dev/null; }
        while alive "$child"; do
          if ! alive "$host"; then
            kill -TERM "$child" 2>/dev/null
            for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do alive "$child" && nap; done
            kill -KILL "$child" 2>/dev/null
            wait "$child"
            rm -rf "${log%/*}"
            exit 1
          fi
          nap
        done
        wait "$child"
        """;

    private readonly Process _process;
    private readonly string _log;

    private ChildProcess(Process process, string log) => (_process, _log) = (process, log);

    public bool HasExited => _process.HasExited;

    public static ChildProcess Start(string log, string program, params string[] arguments)
    {
        // It can be read from now on.
        File.Create(log).Dispose();
        var host = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", Watch, "watch", log, host, program, .. arguments]);
        return new(Process.Start(start)!, log);
    }

    /// <summary>The process that the shell started.</summary>
    /// <param name="program">The program that it runs by now.</param>
    public int ChildOf(string program)
    {
        var shell = _process.Id.ToString(CultureInfo.InvariantCulture);
        return File.ReadAllText($"/proc/{shell}/task/{shell}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(child => File.Exists($"/proc/{child}/comm") && File.ReadAllText($"/proc/{child}/comm").Trim() == program)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture)).Single();
    }

    /// <summary>The last lines of the log, for messages.</summary>
    public string Tail() => string.Join('\n', File.ReadLines(_log).TakeLast(15));

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
