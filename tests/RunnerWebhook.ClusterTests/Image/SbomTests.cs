using System.Text.Json;
using RunnerWebhook.ClusterTests.ControlPlane;
using Xunit;

namespace RunnerWebhook.ClusterTests.Image;

/// <summary><c>./dev sbom</c>: the list of what is in the binary.</summary>
public sealed class SbomTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-sbom").FullName;

    [Fact]
    public async Task Sbom_Always_NamesEveryPackageOfTheLockFiles()
    {
        var run = await new Command("env", "-C", Webhook.Repository) { Patience = TimeSpan.FromMinutes(5) }.Run("", "./dev", "sbom", _folder);
        var problem = run.ExitCode == 0 ? "" : $"the tool can't be had or fails: {run.Output}{run.Error}";
        Assert.False(problem.Length > 0 && Environment.GetEnvironmentVariable("CI") == "true", problem);
        Assert.SkipWhen(problem.Length > 0, problem);

        var bom = Json(Path.Combine(_folder, "sbom.cdx.json"));
        var components = bom.GetProperty("components").EnumerateArray().ToDictionary(
            component => component.GetProperty("purl").GetString()!, StringComparer.OrdinalIgnoreCase);
        var locked = new[] { "RunnerWebhook", "RunnerWebhook.Core" }
            .Select(project => Json(Path.Combine(Webhook.Repository, "src", project, "packages.lock.json")))
            .SelectMany(file => file.GetProperty("dependencies").EnumerateObject())
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .Select(package => $"pkg:nuget/{package.Name}@{package.Value.GetProperty("resolved").GetString()}").Distinct().ToArray();
        Assert.Equal("CycloneDX", bom.GetProperty("bomFormat").GetString());
        Assert.Equal("runner-webhook", bom.GetProperty("metadata").GetProperty("component").GetProperty("name").GetString());
        Assert.True(locked.Length >= 10);
        Assert.All(locked, package => Assert.Equal("SHA-512", components[package].GetProperty("hashes")[0].GetProperty("alg").GetString()));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllText(file)).RootElement;
}
