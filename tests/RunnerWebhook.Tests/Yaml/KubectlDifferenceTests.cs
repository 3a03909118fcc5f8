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
    private const string KubectlRefuses = "kubectl ends with an error; the meaning is clear, and nothing is read wrongly";
    private const string KubectlDrops = "kubectl reads the first object and drops the others without a word";
    private const string NotAnObject = "not an object of Kubernetes: left as it is";

    /// <summary>Each difference that stays, as the corpus has it, with its reason.</summary>
    private static readonly Dictionary<string, string> Differences = new(StringComparer.Ordinal)
    {
        ["x: \"a\\/b\""] = KubectlRefuses + ": JSON and YAML 1.2 have this escape",
        ["x: \"\\ud83d\\ude00\""] = KubectlRefuses + ": JSON has these escapes",
        ["!◇...⏎◇"] = "a '---' is missing after '...'; kubectl drops what follows, this program refuses the file",
        ["!◇...⏎---⏎◇"] = KubectlDrops,
        ["!%YAML 1.1⏎---⏎◇"] = KubectlRefuses,
        ["!%YAML 1.2⏎---⏎◇"] = KubectlRefuses,
        ["!%TAG ! tag:yaml.org,2002:⏎---⏎◇"] = KubectlRefuses,
        ["!◇---⏎%YAML 1.1⏎---⏎◇"] = KubectlRefuses,
        ["!--- ◆"] = KubectlRefuses,
        ["!◇◊---⏎◇"] = KubectlRefuses + ": files that were joined",
        ["!◇◊# comment⏎"] = KubectlRefuses + ": files that were joined",
        ["!◇◊x: a"] = "to kubectl the byte order mark is part of the key",
        ["!◇---␍◇"] = KubectlRefuses,
        ["!◆⏎---⏎◆"] = KubectlRefuses + "; kubectl 1.33 and later read it",
        ["!◆⏎---⏎◇"] = KubectlRefuses + "; kubectl 1.33 and later read it",
        ["!◇---⏎◆⏎◆"] = KubectlDrops,
        ["!{apiVersion: v1, kind: Pod, metadata: {name: x}}"] = KubectlRefuses + "; kubectl 1.33 and later read it",
        ["!{'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {'name': 'x'}}"] = KubectlRefuses + "; kubectl 1.33 and later read it",
        ["!{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"x\"},}"] = KubectlRefuses + "; kubectl 1.33 and later read it",
        ["!{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"x\"}} # comment"] = KubectlRefuses,
        ["!{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"x\"},\"x\":\"a→b\"}"] = KubectlRefuses,
        ["x: {1: a, \"1\": b}"] = "kubectl takes either of the two keys, at random; this program takes the last",
        ["x: {\"a⏎b\": c}"] = KubectlRefuses,
        ["x: {\"a\"⏎: c}"] = KubectlRefuses,
        ["!!str a: b"] = NotAnObject,
        ["![◆]"] = NotAnObject,
        ["!a"] = NotAnObject,
        ["!// comment⏎◆"] = NotAnObject,
        ["!◆⏎x: a"] = NotAnObject,
        ["!◇--- {a: b}⏎"] = NotAnObject,
    };

    [Fact]
    public void Corpus_Texts_AreManyAndDistinct()
    {
        Assert.True(KubectlText.All.Count >= 200);
        Assert.Equal(KubectlText.All.Count, KubectlText.All.DistinctBy(text => text.Text).Count());
        Assert.Empty(Differences.Keys.Except(KubectlText.All.Select(text => text.Written)));
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

        Assert.Equal([], differing.Where(text => !Differences.ContainsKey(text.Key)).Select(text => $"{text.Key}: {text.Value}"));
        // Which of them differ depends on kubectl's release, but most do.
        Assert.True(differing.Count >= Differences.Count / 2, "the table of differences is out of date");
    }

    [Fact]
    public async Task Corpus_InjectedAndBack_IsReadByKubectlAndUnchanged()
    {
        var config = Path.Combine(KubectlText.Folder, "config.yaml");
        var injected = new ConcurrentDictionary<KubectlText, string>();
        var readable = KubectlText.All.Where(text => !Differences.ContainsKey(text.Written)
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
