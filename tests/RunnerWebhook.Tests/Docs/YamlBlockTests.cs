using RunnerWebhook.Configuration;
using RunnerWebhook.Tests.Cli;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>Every YAML block of a document: parsed; a configuration is validated, a labelled workload injected. <c>elided</c> has a test of
/// its own, <c>refused</c> and <c>noted</c> are <see cref="GuideGoldenTests"/>'.</summary>
public sealed class YamlBlockTests
{
    [Theory]
    [MemberData(nameof(Document.All), MemberType = typeof(Document))]
    public void Blocks_OfYaml_Parse(Document document)
    {
        foreach (var block in Blocks(document).Where(block => !block.Is("refused")))
        {
            Assert.True(YamlFile.Parse(block.Text, out var errors) is not null, $"{block.Place}: {string.Join("; ", errors)}");
        }
    }

    [Theory]
    [MemberData(nameof(Document.All), MemberType = typeof(Document))]
    public void Configurations_Shown_AreValid(Document document)
    {
        foreach (var block in Blocks(document).Where(block => !block.Is("refused") && !block.Is("elided")))
        {
            if (ShownYaml.Configuration(block) is { } configuration)
            {
                ConfigurationFile.Read(configuration, block.Place, out var mistakes);
                Assert.Empty(mistakes);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Document.All), MemberType = typeof(Document))]
    public async Task Workloads_Shown_AreInjected(Document document)
    {
        foreach (var block in Blocks(document).Where(block => block.Info.Length == 1))
        {
            if (ShownYaml.Workload(block) is { } workload)
            {
                var run = await Inject(workload, ShownYaml.ConfigurationFor(block));
                Assert.True(run.ExitCode == 0, $"{block.Place}: {run.Error}");
                Assert.Contains("init", run.Output, StringComparison.Ordinal);
            }
        }
    }

    internal static async Task<CommandRun> Inject(string workload, string configuration)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, configuration);
        try
        {
            return await CommandRun.WithInput(workload, "inject", "-f", "-", "--config", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<Block> Blocks(Document document) => document.Blocks().Where(block => block.Language == "yaml");
}
