using System.Text.Json.Nodes;
using Xunit;

namespace RunnerWebhook.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private const string Pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: runner, labels: {gitlab-runner: inject}}
        spec:
          containers:
            - {name: gitlab-runner, image: gitlab/gitlab-runner:v17.5.0}

        """;

    private static readonly string Config = Path.Combine(RepositoryFiles.Tests, "golden", "config.yaml");

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-cli").FullName;

    [Theory]
    [InlineData("inject")]
    [InlineData("inject", "-f", "-", "-o", "xml")]
    [InlineData("inject", "--nonsense")]
    [InlineData("serve", "--tls-cert", "x")]
    [InlineData("serve", "--port", "70000")]
    [InlineData("check", "-n", "a", "-A")]
    [InlineData("check", "-o", "yaml")]
    [InlineData("check", "--kubeconfig", "/nowhere/kubeconfig")]
    [InlineData("frobnicate")]
    public async Task Run_WrongUsage_ExitsWith2AndSaysWhy(params string[] arguments)
    {
        var run = await CommandRun.Of(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.StartsWith("runner-webhook: ", run.Error);
    }

    [Fact]
    public async Task Inject_StandardInput_IsRead()
    {
        var run = await CommandRun.WithInput(Pod, "inject", "-f", "-", "-c", Config);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("init-runner", run.Output);
        Assert.StartsWith("-:1: injected: Pod runner: injected init container init-runner", run.Error);
    }

    [Fact]
    public async Task Inject_MissingFile_ExitsWith2()
    {
        var run = await CommandRun.Of("inject", "-f", Path.Combine(_folder, "absent.yaml"), "-c", Config);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("absent.yaml", run.Error);
    }

    [Fact]
    public async Task Inject_OneOfTwoRefused_PrintsNothingAndExitsWith1()
    {
        var run = await CommandRun.WithInput(Pod + "---\n" + Pod.Replace("name: gitlab-runner, image: gitlab/gitlab-runner:v17.5.0", "name: gitlab-runner", StringComparison.Ordinal), "inject", "-f", "-", "-c", Config);

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("-:8: denied-setting-missing: Pod runner: container gitlab-runner has no image", run.Error);
        Assert.EndsWith("no output written because of the errors above\n", run.Error);
    }

    [Fact]
    public async Task Inject_BrokenYaml_TellsLineAndColumn()
    {
        var run = await CommandRun.WithInput("a: [1\nb: 2", "inject", "-f", "-", "-c", Config);

        Assert.Equal(1, run.ExitCode);
        Assert.Matches("^-:[0-9]+:[0-9]+: ", run.Error);
    }

    [Fact]
    public async Task Inject_BrokenConfiguration_ExitsWith2AndTellsAllMistakes()
    {
        var config = Write("config.yaml", "apiVersion: runner-webhook/v1\nkind: Configuration\nprofile: {}\npolice: []\n");

        var run = await CommandRun.WithInput(Pod, "inject", "-f", "-", "-c", config);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(":3:1: profile: unknown key (did you mean 'profiles'?)", run.Error);
        Assert.Contains(":4:1: police: unknown key", run.Error);
    }

    [Fact]
    public async Task Inject_Folder_ReadsManifestsInOrderAndSubfoldersOnDemand()
    {
        Write("b.yaml", Pod.Replace("name: runner", "name: second", StringComparison.Ordinal));
        Write("a.yml", Pod.Replace("name: runner", "name: first", StringComparison.Ordinal));
        Write("notes.txt", "no manifest");
        Write("deep/c.json", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"third"}}""");

        var flat = await CommandRun.Of("inject", "-f", _folder, "-c", Config);
        var deep = await CommandRun.Of("inject", "-R", "-f", _folder, "-c", Config, "-o", "json");

        Assert.True(flat.Output.IndexOf("first", StringComparison.Ordinal) < flat.Output.IndexOf("second", StringComparison.Ordinal));
        Assert.DoesNotContain("third", flat.Output);
        var items = JsonNode.Parse(deep.Output)!["items"]!.AsArray();
        Assert.Equal(["first", "second", "third"], items.Select(item => (string)item!["metadata"]!["name"]!));
    }

    [Fact]
    public async Task Inject_Json_StaysJsonUnlessYamlIsAskedFor()
    {
        const string json = """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"runner","labels":{"gitlab-runner":"inject"}},"x":1e400,"spec":{"containers":[{"name":"gitlab-runner","image":"i"}]}}""";

        var same = await CommandRun.WithInput(json, "inject", "-f", "-", "-c", Config);
        var yaml = await CommandRun.WithInput(json, "inject", "-f", "-", "-c", Config, "-o", "yaml");

        Assert.Equal("init-runner", (string)JsonNode.Parse(same.Output)!["spec"]!["initContainers"]![0]!["name"]!);
        Assert.Contains("\"x\":1e400", same.Output);
        Assert.StartsWith("apiVersion: v1\nkind: Pod\n", yaml.Output);
        var back = await CommandRun.WithInput(same.Output, "uninject", "-f", "-");
        Assert.Equal(json, back.Output);
    }

    [Fact]
    public async Task Inject_Diff_IsAdditiveAndUnified()
    {
        var run = await CommandRun.WithInput(Pod, "inject", "-f", "-", "-c", Config, "--diff");

        Assert.StartsWith("--- -\n+++ -\n@@ -", run.Output);
        Assert.Contains("\n+  volumes:\n+    - name: runner-config\n", run.Output);
    }

    [Fact]
    public async Task Inject_NothingLabelled_SaysSoAndPrintsTheInput()
    {
        var plain = Pod.Replace(", labels: {gitlab-runner: inject}", "", StringComparison.Ordinal);

        var run = await CommandRun.WithInput(plain, "inject", "-f", "-", "-c", Config);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(plain, run.Output);
        Assert.Equal("runner-webhook: nothing to do: no workload with the label gitlab-runner: inject\n", run.Error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("inject", "--help")]
    [InlineData("serve", "--help")]
    public async Task Help_Asked_IsPrinted(params string[] arguments)
    {
        var run = await CommandRun.Of(arguments);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Usage:", run.Output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }
}
