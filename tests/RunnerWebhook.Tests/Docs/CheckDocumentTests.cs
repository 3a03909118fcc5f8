using RunnerWebhook.Check;
using RunnerWebhook.Tests.Cli;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>The page about <c>check</c>: complete, and with commands that there are.</summary>
public sealed class CheckDocumentTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(RepositoryFiles.Root, "src", "docs", "check.md"));

    [Fact]
    public void Table_Lines_AreTheChecksInTheirOrder()
    {
        var named = Lines.Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);

        Assert.Equal(Checklist.Names, named);
    }

    [Fact]
    public async Task Commands_Shown_AreUnderstood()
    {
        var commands = Lines.Where(line => line.StartsWith("runner-webhook check", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            var arguments = command.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            var run = await CommandRun.Of([.. arguments, "--kubeconfig", "/nowhere/kubeconfig"]);

            // It is understood up to the cluster or the file, which are not there.
            Assert.Equal(2, run.ExitCode);
            Assert.Matches(@"^runner-webhook: (there is no kubeconfig /nowhere/kubeconfig|Could not find file '.*config\.yaml'\.)\n$", run.Error);
        }
    }
}
