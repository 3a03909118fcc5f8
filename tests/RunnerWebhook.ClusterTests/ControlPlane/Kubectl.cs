using System.Text.Json.Nodes;

namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>kubectl with the cluster's admin kubeconfig.</summary>
public sealed class Kubectl(string program, string kubeconfig, string cache)
{
    private readonly Command _command = new(program, $"--kubeconfig={kubeconfig}", $"--cache-dir={cache}");

    /// <summary>The program.</summary>
    public string Program => program;

    /// <summary>Runs a command.</summary>
    public Task<CommandResult> Run(params string[] arguments) => RunWithInput("", arguments);

    /// <summary>Runs a command that reads manifests from standard input (<c>-f -</c>).</summary>
    public Task<CommandResult> RunWithInput(string input, params string[] arguments) => _command.Run(input, arguments);

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
