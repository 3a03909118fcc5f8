using RunnerWebhook.Tests.Golden;
using Xunit;

namespace RunnerWebhook.Tests.Cli;

/// <summary>Folders with many manifests: edited in parallel, printed in order.</summary>
public sealed class ManyManifestsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("many").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Inject_ManyFiles_PrintsThemInOrderOnce()
    {
        const int Files = 750;
        Write(Files);

        var run = await Inject();

        Assert.Equal(0, run.ExitCode);
        Assert.InRange(run.Output.Length, 5_000_000, 20_000_000);
        Assert.Equal(Enumerable.Range(0, Files).Select(index => $"runner-{index:0000}"), NamesIn(run.Output));
        Assert.Equal(Enumerable.Range(0, Files).Select(index => $"{index:0000}.yaml:1"),
            run.Error.Split('\n').Where(line => line.Contains(": injected: ", StringComparison.Ordinal))
                .Select(line => Path.GetFileName(line[..line.IndexOf(": ", StringComparison.Ordinal)])));
        Assert.Equal(run.Output[..run.Output.IndexOf("---\n", StringComparison.Ordinal)],
            (await CommandRun.Of("inject", "-f", Path.Combine(_folder, "0000.yaml"), "--config", Config)).Output);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Inject_ManyFiles_ShowsProgressOnATerminalOnly(bool isTerminal)
    {
        Write(130);

        var run = await CommandRun.With(
            terminal => terminal with { ShowsProgress = isTerminal }, "", "inject", "-f", _folder, "--config", Config);

        Assert.Equal(isTerminal, run.Error.Contains("\r\e[K65 of 130 files", StringComparison.Ordinal));
        Assert.Equal(isTerminal, run.Error.Contains('\r', StringComparison.Ordinal));
        Assert.DoesNotContain('\r', run.Output);
    }

    [Fact]
    public async Task Inject_OneBadFileAmongMany_PrintsNothing()
    {
        Write(100);
        await File.WriteAllTextAsync(Path.Combine(_folder, "0050.yaml"), "a: [", TestContext.Current.CancellationToken);

        var run = await Inject();

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("0050.yaml:1:", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("no output written because of the errors above\n", run.Error, StringComparison.Ordinal);
    }

    private static string Config => Path.Combine(GoldenCase.Folder, "config.yaml");

    private static IEnumerable<string> NamesIn(string text) => text.Split('\n')
        .Where(line => line.StartsWith("  name: runner-", StringComparison.Ordinal)).Select(line => line["  name: ".Length..]);

    private Task<CommandRun> Inject() => CommandRun.Of("inject", "-f", _folder, "--config", Config);

    private void Write(int files)
    {
        for (var index = 0; index < files; index++)
        {
            File.WriteAllText(Path.Combine(_folder, $"{index:0000}.yaml"), $"""
                apiVersion: apps/v1
                kind: DaemonSet
                metadata:
                  name: runner-{index:0000}
                  labels: {"{"}gitlab-runner: inject{"}"}
                spec:
                  selector: {"{"}matchLabels: {"{"}name: r{"}}"}
                  template:
                    metadata:
                      labels: {"{"}name: r{"}"}
                    spec:
                      containers:
                        - name: gitlab-runner
                          image: gitlab/gitlab-runner:v17.5.0

                """);
        }
    }
}
