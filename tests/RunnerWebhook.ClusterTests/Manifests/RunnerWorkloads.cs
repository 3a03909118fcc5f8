using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;

namespace RunnerWebhook.ClusterTests.Manifests;

/// <summary>A labelled DaemonSet, whose Pods are labelled too, and a labelled Pod.</summary>
internal static class RunnerWorkloads
{
    public const string DaemonSet = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: runner, labels: {gitlab-runner: inject}}
        spec:
          selector: {matchLabels: {name: runner}}
          template:
            metadata: {labels: {name: runner, gitlab-runner: inject}}
            spec:
              containers:
                - {name: gitlab-runner, image: gitlab/gitlab-runner:v17.5.0}
        """;

    public const string Pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: runner, labels: {gitlab-runner: inject}}
        spec:
          containers:
            - name: gitlab-runner
              image: gitlab/gitlab-runner:v17.5.0
              resources: {requests: {cpu: 100m, memory: 128Mi}}
        """;

    /// <summary>A manifest without the label that asks for a runner.</summary>
    public static string Unlabelled(string manifest) =>
        manifest.Replace("gitlab-runner: inject", "app: runner", StringComparison.Ordinal);

    /// <summary>Waits for a namespace's only Pod.</summary>
    /// <param name="kubectl">kubectl as an administrator.</param>
    /// <param name="space">The namespace.</param>
    /// <param name="except">The name of a Pod that does not count.</param>
    public static async Task<JsonNode> OnlyPod(Kubectl kubectl, string space, string except = "")
    {
        JsonNode? found = null;
        await Cluster.Until($"pod in {space}", async () =>
        {
            found = (await kubectl.List(space, "pod")).SingleOrDefault(pod => (string)pod!["metadata"]!["name"]! != except);
            return found is not null;
        });
        return found!;
    }
}
