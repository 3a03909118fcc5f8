using System.Text.RegularExpressions;
using RunnerWebhook.Tests.Cli;
using RunnerWebhook.Tests.Golden;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>A YAML block that is marked <c>refused</c> or <c>noted</c> is followed by what the program says of it.
/// <c>./dev golden --accept</c> writes these texts anew.</summary>
public sealed partial class GuideGoldenTests
{
    [Theory]
    [MemberData(nameof(Document.All), MemberType = typeof(Document))]
    public async Task Messages_Shown_AreWhatTheProgramSays(Document document)
    {
        var blocks = document.Blocks();
        var lines = document.Text.Split('\n').ToList();
        // From the end, so that earlier lines stay where they are.
        foreach (var (index, block) in blocks.Index().Where(pair => pair.Item.Is("refused") || pair.Item.Is("noted")).Reverse())
        {
            Assert.True(index + 1 < blocks.Length && blocks[index + 1].Language == "text", $"{block.Place} needs a text block after it");
            var shown = blocks[index + 1];
            var (exitCode, said) = await Say(block);
            Assert.True(block.Is("refused") == (exitCode != 0), $"{block.Place}: exit code {exitCode}: {said}");
            lines.RemoveRange(shown.Line, shown.Text.Count(c => c == '\n'));
            lines.InsertRange(shown.Line, said.TrimEnd('\n').Split('\n'));
            if (!GoldenCase.IsAccepting)
            {
                Assert.Equal(said, shown.Text);
            }
        }

        if (GoldenCase.IsAccepting)
        {
            await File.WriteAllTextAsync(document.FullPath, string.Join('\n', lines), TestContext.Current.CancellationToken);
        }
    }

    private static async Task<(int ExitCode, string Text)> Say(Block block)
    {
        if (ShownYaml.Configuration(block) is not { } configuration)
        {
            var injected = await YamlBlockTests.Inject(ShownYaml.Workload(block) ?? block.Text, ShownYaml.ConfigurationFor(block));
            return (injected.ExitCode, Text(injected.Error, "-", "runner.yaml"));
        }

        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, configuration);
        var run = await CommandRun.Of("config", "validate", "--config", file);
        File.Delete(file);
        return (run.ExitCode, Text(run.Error, file, "config.yaml"));
    }

    private static string Text(string error, string name, string shown) =>
        Revision().Replace(string.Concat(error.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("runner-webhook: no output", StringComparison.Ordinal))
            .Select(line => (line.StartsWith(name + ":", StringComparison.Ordinal) ? shown + line[name.Length..] : line) + "\n")), "revision …");

    [GeneratedRegex("revision [0-9a-f]{12}")]
    private static partial Regex Revision();
}
