using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using RunnerWebhook.Tests.Cli;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Yaml;

/// <summary>Reads the corpus with a real kubectl and with this program.</summary>
public sealed class KubectlDifferenceTests
{
    private const int TextsOfAGroup = 40;

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
        var differing = Differing(KubectlText.All, text => text.Text);

        Assert.Equal([], differing.Where(text => !Differences.Contains(text.Key)).Select(text => $"{text.Key}: {text.Value}"));
        // Which of them differ depends on kubectl's release, but most do.
        Assert.True(differing.Count >= Differences.Length / 2, "the table of differences is out of date");
    }

    [Fact]
    public async Task Corpus_InjectedAndBack_IsReadByKubectlAndUnchanged()
    {
        var config = Path.Combine(KubectlText.Folder, "config.yaml");
        var injected = new Dictionary<KubectlText, string>();
        var readable = KubectlText.All.Where(text => !Differences.Contains(text.Written)
            && YamlFile.Parse(text.Text, out _, lastKeyWins: true) is not null);
        foreach (var text in readable)
        {
            var run = await CommandRun.WithInput(text.Text, "inject", "-f", "-", "-c", config);
            Assert.True(run.ExitCode == 0, $"{text.Name}: {run.Error}");
            Assert.Equal(text.Text, (await CommandRun.WithInput(run.Output, "uninject", "-f", "-")).Output);
            injected[text] = run.Output;
        }

        Assert.Equal([], Differing([.. injected.Keys], text => injected[text]).Values);
    }

    /// <summary>How texts differ from what kubectl reads. Those that should not are read by few kubectls, and one by one if any does.</summary>
    private static ConcurrentDictionary<string, string> Differing(IReadOnlyList<KubectlText> texts, Func<KubectlText, string> content)
    {
        var differing = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var expected = texts.ToDictionary(text => text, text => Expected(content(text), out _));
        var groups = texts.Where(text => expected[text] is not null && !Differences.Contains(text.Written)).Chunk(TextsOfAGroup)
            .Concat(texts.Where(text => expected[text] is null || Differences.Contains(text.Written)).Chunk(1));
        Parallel.ForEach(groups, new ParallelOptions { MaxDegreeOfParallelism = 2 }, group =>
        {
            if (group.Length > 1 && Kubectl.Read([.. group.Select(content)]) is { } read
                && group.Zip(read).All(pair => Kubectl.AreSame(pair.Second, expected[pair.First])))
            {
                return;
            }

            foreach (var text in group)
            {
                var theirs = Kubectl.Read(content(text), out var problem);
                var ours = Expected(content(text), out var error);
                if (!Kubectl.AreSame(theirs, ours))
                {
                    differing[text.Written] = $"kubectl: {theirs?.ToJsonString() ?? problem}\nhere: {ours?.ToJsonString() ?? error}";
                }
            }
        });
        return differing;
    }

    // What kubectl should print of a text; null where it is refused here.
    private static JsonArray? Expected(string text, out string error)
    {
        var file = YamlFile.Parse(text, out var errors, lastKeyWins: true);
        error = file is null ? errors[0].Message : "";
        return file is null ? null : [.. file.Documents
            .SelectMany(document => Kubectl.Annotate(JsonNode.Parse(document.Json.GetRawText()))).Select(node => node?.DeepClone())];
    }
}
