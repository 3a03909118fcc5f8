using RunnerWebhook.Tests.Cli;
using Xunit;

namespace RunnerWebhook.Tests.Check;

/// <summary><c>check --config NEW</c>.</summary>
public sealed class ChangePreviewTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Theory]
    [InlineData("", "", "✓ changes        with this configuration 1 workloads are unchanged, 0 would roll, 0 would be refused")]
    [InlineData("docker:27", "docker:26", "✓ changes        with this configuration 0 workloads are unchanged, 1 would roll, 0 would be refused")]
    [InlineData("", "policy: [{namespaces: [other]}]\n", "! changes        with this configuration 0 workloads are unchanged, 0 would roll, 1 would be refused")]
    public async Task Check_WithAnotherConfiguration_TotalsWhatItWouldChange(string from, string to, string expected)
    {
        await using var cluster = await HealthyCluster.Start();
        await Write(from, to);

        var run = await cluster.Run("check", "--config", _file);

        Assert.Contains(expected + "\n", run.Output);
    }

    [Fact]
    public async Task Diff_OfAWorkload_ShowsTheChangedLinesOnly()
    {
        await using var cluster = await HealthyCluster.Start();
        await Write("docker:27", "docker:26");

        var run = await cluster.Run("check", "--config", _file, "--diff", "daemonset/runner");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var changed = run.Output.Split('\n').Where(line => line is ['+' or '-', not ('+' or '-'), ..]).ToArray();
        Assert.Contains(changed, line => line[0] == '-' && line.Contains("docker:27", StringComparison.Ordinal));
        Assert.Contains(changed, line => line[0] == '+' && line.Contains("docker:26", StringComparison.Ordinal));
        // The image, and the annotation that records the revision.
        Assert.Equal(4, changed.Length);
    }

    [Theory]
    [InlineData("daemonset/other", 1, "there is no labelled daemonset/other in namespace team-a\n")]
    [InlineData("runner", 2, """
        --diff is 'runner', but must be KIND/NAME, as in daemonset/runner
        Usage: see runner-webhook check --help

        """)]
    public async Task Diff_OfNoWorkload_SaysSo(string workload, int exitCode, string message)
    {
        await using var cluster = await HealthyCluster.Start();
        await Write("", "");

        var run = await cluster.Run("check", "--config", _file, "--diff", workload);

        Assert.Equal((exitCode, "", $"runner-webhook: {message}"), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task Diff_OfARefusedWorkload_SaysWhy()
    {
        await using var cluster = await HealthyCluster.Start();
        await Write("", "policy: [{namespaces: [other]}]\n");

        var run = await cluster.Run("check", "--config", _file, "--diff", "DaemonSet/runner");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("runner-webhook: DaemonSet team-a/runner: ", run.Error);
    }

    [Theory]
    [InlineData(null, "xterm", true, true)]
    [InlineData("1", "xterm", true, false)]
    [InlineData("", "xterm", true, true)]
    [InlineData(null, "dumb", true, false)]
    [InlineData(null, "xterm", false, false)]
    public async Task Output_OnATerminal_IsColouredUnlessToldNotTo(string? noColour, string term, bool isInteractive, bool isColoured)
    {
        await using var cluster = await HealthyCluster.Start();
        await Write("docker:27", "docker:26");
        Task<CommandRun> Run(params string[] arguments) => CommandRun.With(terminal => terminal with
        {
            IsInteractive = isInteractive,
            Environment = name => name switch { "NO_COLOR" => noColour, "TERM" => term, _ => null },
        }, "", [.. arguments, "--kubeconfig", cluster.Kubeconfig]);

        var check = await Run("check");
        var diff = await Run("check", "--config", _file, "--diff", "daemonset/runner");

        Assert.Equal(isColoured, check.Output.Contains("\u001b[32m✓\u001b[0m api", StringComparison.Ordinal));
        Assert.Equal(isColoured, diff.Output.Contains("\u001b[31m-", StringComparison.Ordinal));
        Assert.Equal(isColoured, (check.Output + diff.Output).Contains('\u001b', StringComparison.Ordinal));
    }

    public void Dispose() => File.Delete(_file);

    private Task Write(string from, string to)
    {
        var text = File.ReadAllText(Serve.SampleObjects.ConfigFile);
        return File.WriteAllTextAsync(_file, from.Length > 0 ? text.Replace(from, to, StringComparison.Ordinal) : text + to);
    }
}
