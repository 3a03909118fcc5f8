using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Check;

/// <summary>The nodes are ready, and have what the engine needs.</summary>
internal static class NodeCheck
{
    public const string Name = "nodes";

    private const string Docker = "docker";

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        if (snapshot.Nodes.Problem is { } problem)
        {
            return [CheckResult.Skip(Name, "the nodes", problem)];
        }

        var nodes = snapshot.Nodes.Or([]);
        CheckResult[] found = [.. nodes.Select(Judge).OfType<CheckResult>(), .. Engine(snapshot, nodes)];
        return found.Length > 0 ? found : nodes.IsEmpty ? [] : [CheckResult.Pass(Name, Summary(nodes))];
    }

    /// <summary>Why nodes are not ready, by name.</summary>
    public static ImmutableDictionary<string, string> Down(ImmutableArray<JsonElement> nodes) => nodes
        .Select(node => (Name: node.Text("metadata", "name"), Why: WhyNotReady(node))).Where(node => node.Why is not null)
        .ToImmutableDictionary(node => node.Name, node => node.Why!);

    private static string? WhyNotReady(JsonElement node) => PodState.Condition(node, "Ready") is not { } ready
        || ready.Text("status") == "True" ? null
        : $"{ready.Text("reason")}: {ready.Text("message")}";

    /// <summary>That nodes have no Docker socket, with their container runtimes.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="name">The node that the pod is on.</param>
    /// <param name="path">The socket.</param>
    public static string WithoutSocket(ClusterSnapshot snapshot, string name, string path)
    {
        var nodes = snapshot.Nodes.Or([]);
        var without = nodes.Where(node => RuntimeOf(node) != Docker).ToArray();
        return without.Any(node => node.Text("metadata", "name") == name)
            ? $"{Share(without, nodes)} and have no {path}"
            : $"node {name} has no {path}";
    }

    // Before the first pod tries: what is configured can't work on these nodes. A pod that runs proves that it can.
    private static IEnumerable<CheckResult> Engine(ClusterSnapshot snapshot, ImmutableArray<JsonElement> nodes)
    {
        var without = nodes.Where(node => RuntimeOf(node) != Docker).ToArray();
        if (without.Length == 0 || without.Length < nodes.Length || !snapshot.Workloads.IsEmpty
            || snapshot.Configuration.Injector?.Configuration.Default is not { Engine.Kind: EngineKind.HostSocket } profile)
        {
            return [];
        }

        return [CheckResult.Warn(Name, $"{Share(without, nodes)}, and profile {profile.Name} takes the Docker socket "
            + $"{profile.Engine.SocketPath} of the node (engine hostSocket)",
            $"use engine dind: set engine.kind: dind in profile {profile.Name} of the configuration, or install Docker")];
    }

    private static string Summary(ImmutableArray<JsonElement> nodes) => Count(nodes.Length, "node") + ": "
        + string.Join(", ", nodes.GroupBy(RuntimeOf).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} with {group.Key}")));

    private static CheckResult? Judge(JsonElement node) => WhyNotReady(node) is not { } why ? null
        : CheckResult.Warn(Name, $"node {node.Text("metadata", "name")} is not ready ({why})",
            $"kubectl describe node {node.Text("metadata", "name")}");

    private static string Share(JsonElement[] without, ImmutableArray<JsonElement> nodes) =>
        string.Create(CultureInfo.InvariantCulture, $"{without.Length} of {nodes.Length} nodes run ")
        + string.Join(" or ", without.Select(RuntimeOf).Distinct().Order(StringComparer.Ordinal));

    private static string RuntimeOf(JsonElement node) =>
        node.Text("status", "nodeInfo", "containerRuntimeVersion").Split("://")[0] is { Length: > 0 } runtime
            ? runtime : "an unknown container runtime";

    private static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
