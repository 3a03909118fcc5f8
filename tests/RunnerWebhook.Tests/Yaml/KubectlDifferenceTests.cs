using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Tests.Cli;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Yaml;

/// <summary>Reads the corpus with a real kubectl and with this program.</summary>
public sealed class KubectlDifferenceTests
{
    /// <summary>Each difference that stays, as the document lists it.</summary>
    private static readonly string[] Differences = [.. File.ReadLines(Path.Combine(RepositoryFiles.Root, "src", "docs", "kubectl.md"))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line[3..line.LastIndexOf("` |", StringComparison.Ordinal)])];

    [Fact]
    public void Corpus_Texts_AreManyAndDistinct()
    {
        Assert.True(KubectlText.All.Count >= 200);
        Assert.Equal(KubectlText.All.Count, KubectlText.All.DistinctBy(text => text.Text).Count());
        Assert.Empty(Differences.Except(KubectlText.All.Select(text => text.Written)));
    }

    [Fact]
    public void Corpus_Read_IsWhatKubectlReads()
    {
        var differing = Differing(text =>
        {
            var theirs = Kubectl.Read(Encoding.UTF8.GetBytes(text.Text), out var problem);
            var ours = YamlFile.Parse(text.Text, out var errors, lastKeyWins: true);
            var objects = ours is null ? null : new JsonArray([.. ours.Documents
                .SelectMany(document => Kubectl.Annotate(JsonNode.Parse(document.Json.GetRawText())))
                .Select(node => node?.DeepClone())]);
            return Kubectl.AreSame(theirs, objects) ? null
                : $"kubectl: {theirs?.ToJsonString() ?? problem}\nhere: {objects?.ToJsonString() ?? errors[0].Message}";
        });

        Assert.Equal([], differing.Where(text => !Differences.Contains(text.Key)).Select(text => $"{text.Key}: {text.Value}"));
        // Which of them differ depends on kubectl's release, but most do.
        Assert.True(differing.Count >= Differences.Length / 2, "the table of differences is out of date");
    }

    [Fact]
    public async Task Corpus_InjectedAndBack_IsReadByKubectlAndUnchanged()
    {
        var config = Path.Combine(KubectlText.Folder, "config.yaml");
        var injected = new ConcurrentDictionary<KubectlText, string>();
        var readable = KubectlText.All.Where(text => !Differences.Contains(text.Written)
            && YamlFile.Parse(text.Text, out _, lastKeyWins: true) is not null);
        foreach (var text in readable)
        {
            var run = await CommandRun.WithInput(text.Text, "inject", "-f", "-", "-c", config);
            Assert.True(run.ExitCode == 0, $"{text.Name}: {run.Error}");
            Assert.Equal(text.Text, (await CommandRun.WithInput(run.Output, "uninject", "-f", "-")).Output);
            injected[text] = run.Output;
        }

        Assert.Equal([], Differing(text => !injected.TryGetValue(text, out var output) ? null : Differs(output)).Values);

        static string? Differs(string output)
        {
            var expected = YamlFile.Parse(output, out _, lastKeyWins: true)!.Documents
                .SelectMany(document => Kubectl.Annotate(JsonNode.Parse(document.Json.GetRawText()))).Select(node => node?.DeepClone());
            var read = Kubectl.Read(Encoding.UTF8.GetBytes(output), out var problem);
            return read is not null && Kubectl.AreSame(read, new JsonArray([.. expected])) ? null : $"{problem}{output}";
        }
    }

    // A kubectl is a process: several run at once.
    private static ConcurrentDictionary<string, string> Differing(Func<KubectlText, string?> compare)
    {
        var differing = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        Assert.NotNull(Kubectl.Read("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n"u8.ToArray(), out _));
        Parallel.ForEach(KubectlText.All, new ParallelOptions { MaxDegreeOfParallelism = 4 }, text =>
        {
            if (compare(text) is { } difference)
            {
                differing[text.Written] = difference;
            }
        });
        return differing;
    }
}
