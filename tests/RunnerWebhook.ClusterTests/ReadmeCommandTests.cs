using System.Diagnostics;
using Xunit;

namespace RunnerWebhook.ClusterTests;

public sealed class ReadmeCommandTests
{
    [Fact]
    public async Task FirstCommand_AsShown_PrintsTheInjectedManifest()
    {
        var command = (await File.ReadAllLinesAsync(Path.Combine(Webhook.Repository, "README.md"), TestContext.Current.CancellationToken))
            .Single(line => line.StartsWith("dotnet run --project src/RunnerWebhook -- ", StringComparison.Ordinal));

        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command])
        {
            WorkingDirectory = Webhook.Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, await error);
        var golden = Path.Combine(Webhook.Repository, "tests", "golden", "sample-daemonset", "output.yaml");
        Assert.Equal(await File.ReadAllTextAsync(golden, TestContext.Current.CancellationToken), output);
    }
}
