using System.CommandLine;
using System.Diagnostics;
using RunnerWebhook.Cli;
using RunnerWebhook.Tests.Golden;
using Xunit;

namespace RunnerWebhook.Tests.Cli;

/// <summary>Arguments that can't be meant: each is one sentence, before anything is read or called.</summary>
public sealed class BadArgumentsTests
{
    /// <summary>Every option of every command that takes a path: the words before it, and its name.</summary>
    public static TheoryData<string> PathOptions { get; } =
        [.. Under(CommandLine.Root(new(Stream.Null, TextWriter.Null, TextWriter.Null)), "").Distinct()];

    [Theory]
    [MemberData(nameof(PathOptions))]
    public async Task Run_AnEmptyPath_IsOneSentence(string words)
    {
        var arguments = words.Split(' ');

        var run = await CommandRun.Of([.. arguments, ""]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(arguments[^1], run.Error);
    }

    [Fact]
    public void PathOptions_OfTheProgram_AreMany() => Assert.InRange(PathOptions.Count, 15, 100);

    [Theory]
    [InlineData("runner-webhook: Unrecognized command or argument 'frobnicate'.", "frobnicate")]
    [InlineData("runner-webhook: Required command was not provided.")]
    [InlineData("runner-webhook: Unrecognized command or argument '***'.", "glrt-of-a-created-runner")]
    [InlineData("runner-webhook: Unrecognized command or argument 'a b'.", "a\nb")]
    [InlineData("runner-webhook: --diff is 'x', but must be KIND/NAME, as in daemonset/runner", "check", "--config", "c", "--diff", "x")]
    [InlineData("runner-webhook: --diff is 'a/', but must be KIND/NAME, as in daemonset/runner", "check", "--config", "c", "--diff", "a/")]
    [InlineData("runner-webhook: --pre checks before installing: use it without --outdated and --diff", "check", "--pre", "--outdated")]
    [InlineData("runner-webhook: --pre checks before installing: use it without --outdated and --diff",
        "check", "--pre", "--config", "c", "--diff", "a/b")]
    public async Task Run_BadArguments_AreOneSentenceAndWhereToRead(string sentence, params string[] arguments)
    {
        var run = await CommandRun.Of(arguments);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal([sentence, $"Usage: see runner-webhook{(arguments is ["check", ..] ? " check" : "")} --help"],
            run.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("<&-", 0, "runner-webhook: nothing to do: no workload with the label gitlab-runner: inject\n")]
    [InlineData(">&-", 1, "runner-webhook: standard output is closed\n")]
    [InlineData("2>&-", 0, "")]
    [InlineData("<&- >&- 2>&-", 1, "")]
    public async Task Inject_AClosedStream_IsNotAnotherFile(string closed, int exitCode, string error)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "runner-webhook");
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec '{program}' inject -f - </dev/null {closed}"])
        {
            RedirectStandardError = true,
        })!;
        var said = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((exitCode, error), (shell.ExitCode, said));
    }

    [Fact]
    public async Task Inject_AFolderThatLinksToItself_IsReadOnce()
    {
        var folder = Directory.CreateTempSubdirectory("runner-webhook-loop");
        Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "loop"), folder.FullName);
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "linked.yaml"), Path.Combine(GoldenCase.Folder, "seed", "input.yaml"));

        var run = await CommandRun.Of("inject", "-R", "-f", folder.FullName, "-c", Path.Combine(GoldenCase.Folder, "config.yaml"));

        folder.Delete(recursive: true);
        Assert.Equal(0, run.ExitCode);
        Assert.Single(run.Error.Split('\n'), line => line.Contains(": injected: ", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Under(Command command, string words) =>
    [
        .. command.Options.Where(option => option.HelpName?.Split('|').Any(kind => kind is "FILE" or "DIR") is true)
            .Select(option => words + option.Name),
        .. command.Subcommands.SelectMany(inner => Under(inner, $"{words}{inner.Name} ")),
    ];
}
