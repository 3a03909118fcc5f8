using System.Diagnostics;

namespace RunnerWebhook.Tests.Registration;

/// <summary>A shell in which waiting takes no time.</summary>
internal sealed class PodShell : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-guard").FullName;

    public PodShell()
    {
        Directory.CreateDirectory(PathOf("bin"));
        Directory.CreateDirectory(PathOf("gitlab"));
        Install("sleep", "#!/bin/sh\nexit 0\n");
    }

    public string[] Calls => File.Exists(PathOf("gitlab/calls")) ? File.ReadAllLines(PathOf("gitlab/calls")) : [];

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Runs a script as the container would.</summary>
    public (int ExitCode, string Output) Run(string shell, string script, params string[] arguments)
    {
        var command = PodShells.Command(shell, script);
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PATH"] = PathOf("bin") + ":/usr/bin:/bin",
                ["GITLAB"] = PathOf("gitlab"),
            },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        process.WaitForExit(10_000);
        return (process.ExitCode, output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Install(string name, string script)
    {
        File.WriteAllText(PathOf("bin/" + name), script);
        File.SetUnixFileMode(PathOf("bin/" + name), (UnixFileMode)0b111_101_101);
    }
}
