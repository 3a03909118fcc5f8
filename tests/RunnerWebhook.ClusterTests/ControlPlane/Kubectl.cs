using System.Diagnostics;
using System.Text.Json.Nodes;

namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>kubectl with the cluster's admin kubeconfig.</summary>
public sealed class Kubectl(string program, string kubeconfig, string cache)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a command.</summary>
    public Task<KubectlResult> Run(params string[] arguments) => RunWithInput("", arguments);

    /// <summary>Runs a command that reads manifests from standard input (<c>-f -</c>).</summary>
    public async Task<KubectlResult> RunWithInput(string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program,
            [$"--kubeconfig={kubeconfig}", $"--cache-dir={cache}", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var timeout = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(timeout.Token);
        return new("kubectl " + string.Join(' ', arguments), process.ExitCode, await output, await error);
    }

    /// <summary>Reads one object.</summary>
    public async Task<JsonNode> Get(string space, string kind, string name) =>
        JsonNode.Parse((await Run("get", kind, name, "-n", space, "-o", "json")).Ensure().Output)!;

    /// <summary>A token of a service account.</summary>
    public async Task<string> Token(string space, string account = "default")
    {
        var request = await RunWithInput("""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}""",
            "create", "--raw", $"/api/v1/namespaces/{space}/serviceaccounts/{account}/token", "-f", "-");
        return (string)JsonNode.Parse(request.Ensure().Output)!["status"]!["token"]!;
    }

    /// <summary>Reads all objects of a kind.</summary>
    public async Task<JsonArray> List(string space, string kind) =>
        JsonNode.Parse((await Run("get", kind, "-n", space, "-o", "json")).Ensure().Output)!["items"]!.AsArray();
}
