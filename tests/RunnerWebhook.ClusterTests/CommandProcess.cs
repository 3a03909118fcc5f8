using System.Diagnostics;
using RunnerWebhook.ClusterTests.ControlPlane;

namespace RunnerWebhook.ClusterTests;

/// <summary>A shell in which <c>runner-webhook</c> and <c>kubectl</c> are commands and know a cluster, as a user's is.</summary>
internal sealed class CommandProcess : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-shell").FullName;
    private readonly Dictionary<string, string> _environment;

    public CommandProcess(Cluster cluster)
    {
        _environment = new(StringComparer.Ordinal)
        {
            ["HOME"] = _folder,
            ["KUBECONFIG"] = cluster.Kubeconfig,
        };
        var program = Path.Combine(_folder, "runner-webhook");
        File.WriteAllText(program, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "runner-webhook.dll")}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(Path.Combine(_folder, "kubectl"), cluster.Kubectl.Program);
    }

    /// <summary>Sets a variable of the environment.</summary>
    public void Set(string name, string value) => _environment[name] = value;

    /// <summary>A file in the home folder.</summary>
    public string Write(string name, string content)
    {
        File.WriteAllText(Path.Combine(_folder, name), content);
        return Path.Combine(_folder, name);
    }

    /// <summary>Runs a line, or several, of shell.</summary>
    public async Task<CommandResult> Run(string script)
    {
        using var process = Start(script);
        process.StandardInput.Close();
        return await End(process, script, "");
    }

    /// <summary>Runs a command at a terminal (script(1) makes one): what it shows is what a person would see.</summary>
    /// <param name="command">The command.</param>
    /// <param name="secret">What is typed, with Enter, as soon as the terminal shows no more what is typed.</param>
    public async Task<CommandResult> RunAtTerminal(string command, string secret)
    {
        var script = $"script -E always -qec 'tty; {command}' /dev/null";
        using var process = Start(script);
        var terminal = (await process.StandardOutput.ReadLineAsync())!;
        await Cluster.Until("a question", async () => (await Run($"stty -F {terminal} -a")).Output.Contains(" -echo ", StringComparison.Ordinal));
        await process.StandardInput.WriteAsync(secret + "\r");
        await process.StandardInput.FlushAsync();
        return await End(process, script, terminal + "\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Process Start(string script)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-euc", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_folder}:{start.Environment["PATH"]}";
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task<CommandResult> End(Process process, string script, string before)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return new(script, process.ExitCode, before + await output, await error);
    }
}
