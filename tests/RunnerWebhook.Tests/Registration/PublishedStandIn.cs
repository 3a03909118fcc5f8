using System.Diagnostics;

namespace RunnerWebhook.Tests.Registration;

/// <summary>The stand-in for gitlab-runner as a native program: the scripts call it many times. It is published once, and
/// anew where its sources have changed. A gitlab-runner that $RUNNER_WEBHOOK_GITLAB_RUNNER names takes its place.</summary>
public static class PublishedStandIn
{
    private static readonly Lazy<string> Published = new(Publish);

    /// <summary>The program's path.</summary>
    public static string Path => Environment.GetEnvironmentVariable("RUNNER_WEBHOOK_GITLAB_RUNNER") is { Length: > 0 } real
        ? real
        : Published.Value;

    private static string Publish()
    {
        var project = System.IO.Path.Combine(RepositoryFiles.Tests, "RunnerWebhook.RunnerStandIn");
        var output = System.IO.Path.Combine(RepositoryFiles.Root, "artifacts", "runner-stand-in");
        var program = System.IO.Path.Combine(output, "gitlab-runner");
        var newest = Directory.GetFiles(project, "*.cs").Max(File.GetLastWriteTimeUtc);
        if (File.Exists(program) && File.GetLastWriteTimeUtc(program) > newest)
        {
            return program;
        }

        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-o", output, "-v", "q", "-nologo"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = publish.StandardError.ReadToEndAsync();
        var messages = publish.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        publish.WaitForExit();
        File.SetLastWriteTimeUtc(program, DateTime.UtcNow);
        return publish.ExitCode == 0 ? program : throw new InvalidOperationException(messages);
    }
}
