using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RunnerWebhook.Tests.Registration;

/// <summary>A shell with a stand-in gitlab-runner on its PATH and a folder for <c>config.toml</c>; waiting takes no
/// time.</summary>
internal sealed class PodShell : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-guard").FullName;

    public PodShell()
    {
        Directory.CreateDirectory(PathOf("bin"));
        Directory.CreateDirectory(PathOf("gitlab"));
        Directory.CreateDirectory(PathOf("etc"));
        Install("gitlab-runner", File.ReadAllText(Path.Combine(Here(), "gitlab-runner.sh")));
        Install("sleep", "#!/bin/sh\nexit 0\n");
    }

    public string Config => PathOf("etc/config.toml");

    public string ConfigText => File.ReadAllText(Config);

    public string[] Calls => File.Exists(PathOf("gitlab/calls")) ? File.ReadAllLines(PathOf("gitlab/calls")) : [];

    public string[] Arguments => File.ReadAllText(PathOf("gitlab/arguments")).Split('\n')[..^1];

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Tells the stand-in what GitLab is like: <c>down</c> or <c>revoked</c>, for its next call.</summary>
    public void GitLabIs(string state) => File.WriteAllText(PathOf("gitlab/" + state), "");

    /// <summary>Runs a script as the container would.</summary>
    public (int ExitCode, string Output) Run(string shell, string script, params string[] arguments)
    {
        string[] command = shell == "busybox" ? ["busybox", "sh"] : [shell];
        var start = new ProcessStartInfo(command[0], [.. command[1..], "-c", script, "init-runner", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PATH"] = PathOf("bin") + ":/usr/bin:/bin",
                ["GITLAB"] = PathOf("gitlab"),
                ["CONFIG_FILE"] = Config,
                ["RUNNER_GLOBAL"] = "concurrent = 4",
                ["RUNNER_IDENTITY"] = "team-a/node-1",
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

    private static string Here([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile)!;
}
