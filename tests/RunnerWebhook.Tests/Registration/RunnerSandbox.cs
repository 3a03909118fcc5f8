using System.Diagnostics;
using System.Runtime.InteropServices;
using RunnerWebhook.FakeGitLab;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>A folder as a pod's emptyDir, gitlab-runner on the PATH, and a GitLab of its own.</summary>
internal sealed class RunnerSandbox : IAsyncDisposable
{
    // Limits of calls read a line here (no output), polling is quick, and other waits are no waits.
    private const string Sleep = """
        #!/bin/sh
        [ /proc/self/fd/1 -ef /dev/null ] && { read -r _ <"${0%/*}/limits"; exit; }
        [ "$1" != 1 ] || exec /bin/sleep 0.05

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-runner").FullName;
    private readonly FileStream _limits;

    private RunnerSandbox(GitLabServer gitLab, string runner)
    {
        GitLab = gitLab;
        Directory.CreateDirectory(PathOf("bin"));
        Directory.CreateDirectory(PathOf("etc"));
        Directory.CreateDirectory(PathOf("hasty"));
        Link(runner);
        Install("hasty/sleep", Sleep);
        // As long as it is open for writing, it can be opened for reading at any time.
        Assert.Equal(0, mkfifo(PathOf("hasty/limits"), 0b110_000_000));
        _limits = new(PathOf("hasty/limits"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }

    public GitLabServer GitLab { get; }

    public string Config => PathOf("etc/config.toml");

    public string ConfigText => File.Exists(Config) ? File.ReadAllText(Config) : "";

    /// <summary>The number of entries in the configuration.</summary>
    public int Entries => ConfigText.Split("[[runners]]").Length - 1;

    /// <summary>The calls that GitLab got, as in <c>POST /runners 201</c>.</summary>
    public string[] Calls => [.. GitLab.State.Requests.Select(request =>
        $"{request.Method} {request.Path.Replace("/api/v4", "", StringComparison.Ordinal)} {request.Status}")];

    /// <summary>One whose gitlab-runner is the stand-in, which can be any version.</summary>
    public static async Task<RunnerSandbox> Start(GitLabOptions? options = null) =>
        new(await GitLabServer.Start(options), PublishedProgram.StandIn);

    /// <summary>One whose gitlab-runner is a real one where there is one.</summary>
    public static async Task<RunnerSandbox> StartWithRealRunner(GitLabOptions? options = null) =>
        new(await GitLabServer.Start(options), PublishedProgram.Runner);

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Adds a program, below <c>bin</c> for the PATH.</summary>
    public void Install(string name, string script)
    {
        File.WriteAllText(PathOf(name), script);
        File.SetUnixFileMode(PathOf(name), (UnixFileMode)0b111_101_101);
    }

    /// <summary>Lets the time limit of one call be over: of the first that has one, now or later. Without it no limit ends,
    /// however busy the machine is.</summary>
    public void EndLimit() => _limits.Write("\n"u8);

    /// <summary>What the pod's containers have in their environment for the scripts.</summary>
    public (string Name, string Value)[] PodVariables(params (string Name, string Value)[] more) =>
    [
        ("PATH", $"{PathOf("hasty")}:{PathOf("bin")}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"), ("HOME", PathOf("etc")),
        ("RUNNER_GLOBAL", "concurrent = 4"), ("RUNNER_IDENTITY", "team-a/node-1"), .. more,
    ];

    /// <summary>The arguments of a registration at this GitLab.</summary>
    public string[] RegisterArguments(params string[] more) =>
        ["register", "--non-interactive", "--url=" + GitLab.Url, "--executor=docker", "--docker-image=docker:27", .. more];

    /// <summary>The executor of jobs that a test runs: a real gitlab-runner has no engine here for docker's.</summary>
    public string[] JobArguments =>
        PublishedProgram.IsRunnerReal ? ["--executor=shell", "--builds-dir=" + PathOf("builds")] : [];

    /// <summary>Runs gitlab-runner and waits for its end.</summary>
    public Task<ProcessRun> Runner(string version, string[] arguments, params (string Name, string Value)[] variables) =>
        Run([PathOf("bin/gitlab-runner"), .. arguments], [("STANDIN_VERSION", version), .. variables]);

    /// <summary>Runs a command and waits for its end.</summary>
    public async Task<ProcessRun> Run(string[] command, params (string Name, string Value)[] variables)
    {
        using var process = Start(command, variables);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return new(process.ExitCode, output + await error);
    }

    /// <summary>Starts a command with a pod's clean environment.</summary>
    public Process Start(string[] command, params (string Name, string Value)[] variables)
    {
        // Whoever started the tests may have had these signals ignored, as shells do in the background; a pod has not.
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT,QUIT", .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Only the stand-in can be another version, and wait where a test needs it.
        if (variables.Any(variable => variable.Name is "STANDIN_VERSION" or "STANDIN_PAUSE" or "STANDIN_ARGUMENTS"))
        {
            Link(PublishedProgram.StandIn);
        }

        start.Environment.Clear();
        start.Environment["PATH"] = PathOf("bin") + ":/usr/local/bin:/usr/bin:/bin";
        start.Environment["CONFIG_FILE"] = Config;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private void Link(string runner)
    {
        if (new FileInfo(PathOf("bin/gitlab-runner")).LinkTarget != runner)
        {
            File.Delete(PathOf("bin/gitlab-runner"));
            File.CreateSymbolicLink(PathOf("bin/gitlab-runner"), runner);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await GitLab.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        // What still reads it ends.
        await _limits.DisposeAsync();
    }

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int mkfifo(string path, uint mode);
}
