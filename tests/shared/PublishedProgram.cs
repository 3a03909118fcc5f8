using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RunnerWebhook.Tests;

/// <summary>Programs of this repository as native ones. Each is published once, and anew where its sources have changed.</summary>
internal static class PublishedProgram
{
    private static readonly Lazy<string> PublishedWebhook = new(() =>
        Publish("artifacts/webhook/runner-webhook", "src/RunnerWebhook", "src", "charts-free-manifests/base"));

    private static readonly Lazy<string> PublishedStandIn = new(() => Publish(StandInPath, StandInProject, StandInProject));

    private const string StandInPath = "artifacts/runner-stand-in/gitlab-runner";
    private const string StandInProject = "tests/RunnerWebhook.RunnerStandIn";

    /// <summary>The path of runner-webhook, as it is released.</summary>
    public static string Webhook => PublishedWebhook.Value;

    /// <summary>The path of a real gitlab-runner, where $RUNNER_WEBHOOK_GITLAB_RUNNER names one or one is on the PATH; else of
    /// the stand-in for it.</summary>
    public static string Runner => RealRunner() ?? StandIn;

    /// <summary>Whether <see cref="Runner"/> is a real gitlab-runner.</summary>
    public static bool IsRunnerReal => RealRunner() is not null;

    /// <summary>The path of the stand-in for gitlab-runner.</summary>
    public static string StandIn => PublishedStandIn.Value;

    /// <summary>Whether <see cref="StandIn"/> need not be published, which takes most of a minute.</summary>
    public static bool IsStandInPublished => PublishedStandIn.IsValueCreated || IsCurrent(StandInPath, StandInProject);

    private static string? RealRunner() =>
        Environment.GetEnvironmentVariable("RUNNER_WEBHOOK_GITLAB_RUNNER") is { Length: > 0 } named ? named
        : Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "gitlab-runner"))
            .FirstOrDefault(File.Exists);

    private static string Publish(string path, string project, params string[] sources)
    {
        var root = Root();
        var program = Path.Combine(root, path);
        if (IsCurrent(path, sources))
        {
            return program;
        }

        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", Path.Combine(root, project), "-c", "Release",
            "-o", Path.GetDirectoryName(program)!, "-v", "q", "-nologo"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = publish.StandardError.ReadToEndAsync();
        var messages = publish.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        publish.WaitForExit();
        if (publish.ExitCode != 0)
        {
            throw new InvalidOperationException($"{project} can't be published:\n{messages}");
        }

        File.SetLastWriteTimeUtc(program, DateTime.UtcNow);
        return program;
    }

    private static bool IsCurrent(string path, params string[] sources)
    {
        var program = Path.Combine(Root(), path);
        var newest = sources.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root(), folder), "*", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .Max(File.GetLastWriteTimeUtc);
        return File.Exists(program) && File.GetLastWriteTimeUtc(program) > newest;
    }

    /// <summary>The repository's folder.</summary>
    internal static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
