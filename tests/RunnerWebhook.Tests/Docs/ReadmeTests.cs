using RunnerWebhook.Configuration;
using RunnerWebhook.Tests.Cli;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>What the documents show is run here.</summary>
public sealed class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "README.md"));

    private static readonly string Configuration = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "src", "docs", "configuration.md"));

    private static readonly string Golden = Path.Combine(RepositoryFiles.Tests, "golden", "sample-daemonset");

    [Fact]
    public void Before_Manifest_IsTheGoldenInput() =>
        Assert.Contains(File.ReadAllText(Path.Combine(Golden, "input.yaml")), Readme);

    [Fact]
    public void After_Manifest_IsTheGoldenOutputWithoutWhatIsLeftOut()
    {
        var shown = YamlFile.Parse(Block(Readme, "initContainers:", "yaml elided"), out _)!.Documents[0].Json;
        var output = YamlFile.Parse(File.ReadAllText(Path.Combine(Golden, "output.yaml")), out _)!.Documents[0].Json;

        Assert.True(Elided.Matches(shown, output.GetProperty("spec").GetProperty("template").GetProperty("spec")),
            "README's picture of the result differs from tests/golden/sample-daemonset/output.yaml");
    }

    [Fact]
    public async Task Command_Shown_PrintsTheInjectedManifestAndTheWarning()
    {
        var line = Readme.Split('\n').Single(text => text.StartsWith("dotnet run --project src/RunnerWebhook -- ", StringComparison.Ordinal));
        var arguments = line.Split(" -- ")[1].Split(' ').Select(word =>
            word.StartsWith("charts-free-manifests/", StringComparison.Ordinal) ? Path.Combine(RepositoryFiles.Root, word) : word);

        var run = await CommandRun.Of([.. arguments]);

        Assert.Equal(File.ReadAllText(Path.Combine(Golden, "output.yaml")), run.Output);
        var warning = Readme.Split('\n').Single(text => text.StartsWith("Warning: ", StringComparison.Ordinal));
        Assert.True(Elided.IsIn(warning.Split("default/gitlab-runner: ")[1], run.Error), run.Error);
    }

    [Fact]
    public void Sample_Configuration_IsTheOneInTheConfigMap()
    {
        var map = YamlFile.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "charts-free-manifests", "base", "configmap.yaml")), out _)!;

        Assert.Equal(map.Documents[0].Json.GetProperty("data").GetProperty("config.yaml").GetString(),
            File.ReadAllText(Path.Combine(RepositoryFiles.Root, "charts-free-manifests", "samples", "config.yaml")));
    }

    [Fact]
    public void Configuration_Shown_IsValidAndStatesTheBuiltInValues()
    {
        var shown = ConfigurationFile.Read(Block(Configuration, "apiVersion: runner-webhook/v1"), "configuration.md", out var mistakes)!;

        Assert.Empty(mistakes);
        var builtIn = Core.Settings.RunnerConfiguration.BuiltIn.Default with { Register = shown.Default.Register };
        Assert.Equal(Core.Settings.ConfigurationWriter.Revision(builtIn), Core.Settings.ConfigurationWriter.Revision(shown.Default));
    }

    [Fact]
    public void Policy_Shown_IsValid()
    {
        const string head = "apiVersion: runner-webhook/v1\nkind: Configuration\n";

        var configuration = ConfigurationFile.Read(head + Block(Configuration, "policy:"), "configuration.md", out var mistakes);

        Assert.Empty(mistakes);
        Assert.Equal(2, configuration!.Policy!.Value.Length);
    }

    [Fact]
    public async Task Annotations_Shown_AreTaken()
    {
        var metadata = Block(Configuration, "metadata:\n  annotations:").Replace("metadata:", "metadata:\n  name: a\n  labels: {gitlab-runner: inject}", StringComparison.Ordinal);
        var pod = "apiVersion: v1\nkind: Pod\n" + metadata + "spec:\n  containers:\n    - {name: gitlab-runner, image: i}\n";

        var run = await CommandRun.WithInput(pod, "inject", "-f", "-", "-c", Path.Combine(RepositoryFiles.Tests, "golden", "config.yaml"));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("--tag-list=docker,nightly\n", run.Output);
        Assert.Contains("--env=FLAGS=a,b\n", run.Output);
        Assert.Contains("name: nightly-runner-token\n", run.Output);
    }

    [Fact]
    public void Annotations_Named_AreAllThatThereAre()
    {
        var named = Core.Resolution.SettingsResolver.StructuralNames.Concat(["profile", "container"]);

        Assert.All(named, name => Assert.Contains($"`{name}`", Configuration));
    }

    [Fact]
    public void ConfigMap_Shipped_HoldsAValidConfiguration()
    {
        var map = YamlFile.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "charts-free-manifests", "base", "configmap.yaml")), out _)!;

        ConfigurationFile.Read(map.Documents[0].Json.GetProperty("data").GetProperty("config.yaml").GetString()!, "config.yaml", out var mistakes);

        Assert.Empty(mistakes);
    }

    public static TheoryData<string> Kustomizations() => [.. Directory.GetFiles(
        Path.Combine(RepositoryFiles.Root, "charts-free-manifests"), "kustomization.yaml", SearchOption.AllDirectories)];

    [Theory]
    [MemberData(nameof(Kustomizations))]
    public void Kustomization_Files_AreAllUsedAndThere(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var kustomization = YamlFile.Parse(File.ReadAllText(path), out _)!.Documents[0].Json;
        var named = new[] { "resources", "components", "patches" }
            .SelectMany(key => kustomization.TryGetProperty(key, out var list) ? list.EnumerateArray() : [])
            .Select(entry => entry.ValueKind == System.Text.Json.JsonValueKind.String ? entry.GetString()! : entry.GetProperty("path").GetString()!)
            .ToArray();

        Assert.All(named, name => Assert.True(Path.Exists(Path.Combine(folder, name)), $"{path}: {name} is not there"));
        var files = Directory.GetFiles(folder, "*.yaml").Select(file => Path.GetFileName(file)!);
        Assert.Empty(files.Except(named).Except(["kustomization.yaml"]));
    }

    private static string Block(string text, string start, string language = "yaml")
    {
        var fence = $"```{language}\n";
        var from = text.IndexOf(fence + start, StringComparison.Ordinal) + fence.Length;
        return text[from..text.IndexOf("```", from, StringComparison.Ordinal)];
    }
}
