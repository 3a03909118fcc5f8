using System.Security.Cryptography;
using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.ClusterTests.Judges;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.ClusterTests.Image;

/// <summary>What a release is made of: every step that runs without a registry, and the workflows by a linter.</summary>
public sealed class ReleaseTests(NpmJudges judges) : IClassFixture<NpmJudges>
{
    // The linter is older than these machines and this scope.
    private static readonly string[] Newer = ["\"ubuntu-24.04", "\"macos-15", "\"windows-2025\"", "\"windows-11-arm\"", "scope \"attestations\""];

    private static readonly string Workflows = Path.Combine(Webhook.Repository, ".github", "workflows");

    [Fact]
    public async Task DryRun_OfARelease_WritesTheAssetsThatCanBeMadeHere()
    {
        judges.Require();
        var binaries = await ControlPlaneBinaries.Provision();
        Assert.SkipWhen(binaries.Folder is null, binaries.SkipReason);
        var run = await new Command("env", "-C", Webhook.Repository) { Patience = TimeSpan.FromMinutes(15) }
            .Run("", $"PATH={Path.GetDirectoryName(binaries.PathOf("kubectl"))}:{Environment.GetEnvironmentVariable("PATH")}", "./dev", "release", "--dry-run");

        var output = run.Ensure().Output;
        var folder = Path.Combine(Webhook.Repository, "artifacts", "release");
        Assert.Contains("skipped: binary osx-arm64: ", output);
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(folder, "checksums.txt"), TestContext.Current.CancellationToken))
        {
            var (sum, file) = (line.Split("  ")[0], line.Split("  ")[1]);
            Assert.Equal(sum, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken))));
        }

        var plugin = Read(Path.Combine(folder, "krew-runner-webhook.yaml")).Single();
        Assert.Equal("runner-webhook", (string)plugin["metadata"]!["name"]!);
        var platform = Assert.Single(plugin["spec"]!["platforms"]!.AsArray())!;
        Assert.Equal("linux", (string)platform["selector"]!["matchLabels"]!["os"]!);
        var archive = Path.Combine(folder, ((string)platform["uri"]!).Split('/')[^1]);
        Assert.Contains("runner-webhook\n", (await new Command("tar", "-tzf").Run("", archive)).Ensure().Output);

        var files = Directory.GetFiles(folder, "install*.yaml");
        Assert.Equal(Directory.GetDirectories(Path.Combine(Webhook.Repository, "charts-free-manifests", "overlays")).Length, files.Length);
        var objects = files.SelectMany(Read).ToArray();
        // The schemas are of a release without MutatingAdmissionPolicy; API servers judge those in tests of their own.
        Assert.Empty((await judges.Judge(objects.Where(one => !((string)one["kind"]!).StartsWith("MutatingAdmissionPolicy", StringComparison.Ordinal))))
            .SelectMany(complaints => complaints));
        Assert.All(objects.Where(one => (string)one["kind"]! == "Deployment"), deployment => Assert.Equal("registry.example.com/runner-webhook:0.1.0",
            (string)deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!));
    }

    [Fact]
    public async Task Workflows_Linter_FindsNothing()
    {
        judges.Require();

        var complaints = await judges.Lint(Directory.GetFiles(Workflows));

        Assert.DoesNotContain(complaints, complaint => !Newer.Any(known => complaint.Contains(known, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Workflow_WithAMistake_IsFound()
    {
        judges.Require();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(Path.Combine(Workflows, "release.yml"), TestContext.Current.CancellationToken))
            .Replace("matrix.rid", "matrix.ird", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var complaints = await judges.Lint(file);
        File.Delete(file);

        Assert.Contains(complaints, complaint => complaint.Contains("\"ird\" is not defined", StringComparison.Ordinal));
    }

    private static IEnumerable<JsonObject> Read(string file) => YamlFile.Parse(File.ReadAllText(file), out _)!.Documents
        .Select(document => JsonNode.Parse(document.Json.GetRawText())!.AsObject());
}
