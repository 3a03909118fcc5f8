using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace RunnerWebhook.Tests.Registration;

/// <summary>Processes as those of a container: the first has number 1, and when it ends, all end.</summary>
internal sealed class SandboxContainer : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;
    private readonly RunnerSandbox _sandbox;
    private readonly string[] _command;

    private SandboxContainer(RunnerSandbox sandbox, Process process, string[] command)
    {
        (_sandbox, _process, _command) = (sandbox, process, command);
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a command; the volume with the configuration may be read only, as in the runner container.</summary>
    public static SandboxContainer Start(RunnerSandbox sandbox, bool isReadOnly, string[] command,
        params (string Name, string Value)[] variables)
    {
        DebianTool.Require("unshare");
        const string ReadOnly = "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" || exit 90\n";
        string[] user = Environment.IsPrivilegedProcess ? [] : ["--user", "--map-root-user"];
        var first = isReadOnly ? ["sh", "-c", ReadOnly + "exec \"$@\"", sandbox.PathOf("etc"), .. command] : command;
        return new(sandbox,
            sandbox.Start(["unshare", .. user, "--pid", "--fork", "--mount-proc", "--kill-child", .. first], variables), command);
    }

    /// <summary>Sends a signal to process 1.</summary>
    public async Task Signal(string name)
    {
        if (await First() is { } first)
        {
            // It may have ended just now.
            _ = kill(int.Parse(first, CultureInfo.InvariantCulture), name switch { "INT" => 2, "QUIT" => 3, "KILL" => 9, _ => 15 });
        }
    }

    /// <summary>Runs a command inside, as kubelet runs a hook: once the container's program runs, on mounts that are made.</summary>
    public async Task<ProcessRun> Execute(string[] command, params (string Name, string Value)[] variables)
    {
        DebianTool.Require("nsenter");
        var started = string.Concat(_command.Select(word => word + "\0"));
        while (await File.ReadAllTextAsync($"/proc/{await First()}/cmdline") != started)
        {
            await Task.Delay(1);
        }

        return await _sandbox.Run(["nsenter", "--target", (await First())!, "--mount", "--pid", .. command], variables);
    }

    /// <summary>Waits for its end. The exit code is that of process 1, where no signal ended it.</summary>
    public async Task<ProcessRun> End()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await _process.WaitForExitAsync(patience.Token);
        return new(_process.ExitCode, await _output + await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);

    /// <summary>The number of process 1 outside; null where it has ended.</summary>
    private async Task<string?> First()
    {
        var number = _process.Id.ToString(CultureInfo.InvariantCulture);
        while (!_process.HasExited)
        {
            try
            {
                if (await File.ReadAllTextAsync($"/proc/{number}/task/{number}/children") is { Length: > 0 } children)
                {
                    return children.Trim();
                }
            }
            catch (IOException)
            {
                return null;
            }

            await Task.Delay(1);
        }

        return null;
    }
}
