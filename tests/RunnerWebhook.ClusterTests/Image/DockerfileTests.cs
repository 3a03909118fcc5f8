using RunnerWebhook.ClusterTests.Judges;
using Xunit;

namespace RunnerWebhook.ClusterTests.Image;

/// <summary>What a linter says of the Dockerfile.</summary>
public sealed class DockerfileTests(NpmJudges judges) : IClassFixture<NpmJudges>
{
    [Fact]
    public async Task Dockerfile_Linter_FindsNothing()
    {
        judges.Require();
        var run = await judges.Run("dockerfile-utils", "lint", Path.Combine(Webhook.Repository, "Dockerfile"));

        Assert.True(run.ExitCode == 0, run.Output);
    }

    [Fact]
    public async Task Dockerfile_WithAMistake_IsRefused()
    {
        judges.Require();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(Path.Combine(Webhook.Repository, "Dockerfile"),
            TestContext.Current.CancellationToken)).Replace("WORKDIR", "WORKDIT", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var run = await judges.Run("dockerfile-utils", "lint", file);
        File.Delete(file);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("Unknown instruction: WORKDIT", run.Output + run.Error, StringComparison.Ordinal);
    }
}
