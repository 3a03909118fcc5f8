using System.Text.Json.Nodes;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>What a runner's system ID is made of.</summary>
public sealed class SystemIdentityTests
{
    [Fact]
    public void Identity_TwoDaemonSetsOnOneNode_Differ()
    {
        var (first, second) = (Identity("first"), Identity("second"));

        Assert.NotEqual(Expanded(first, pod: "a", node: "node-1"), Expanded(second, pod: "b", node: "node-1"));
        Assert.Equal(Expanded(first, pod: "a", node: "node-1"), Expanded(first, pod: "c", node: "node-1"));
        Assert.NotEqual(Expanded(first, pod: "a", node: "node-1"), Expanded(first, pod: "a", node: "node-2"));
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("\"25%\"", true)]
    [InlineData("0", false)]
    [InlineData("\"0%\"", false)]
    public void Identity_PodsOfASurge_Differ(string maxSurge, bool differ)
    {
        var environment = Identity("runner", maxSurge);

        Assert.Equal(differ, Expanded(environment, pod: "old", node: "node-1") != Expanded(environment, pod: "new", node: "node-1"));
    }

    [Fact]
    public void Identity_PodNamedLikeANode_DiffersFromTheNodesRunner()
    {
        var scenario = new InjectorScenario();
        var pod = Environment(scenario.Create(SampleObjects.Pod())["spec"]!);

        Assert.NotEqual(Expanded(Identity("runner"), pod: "x", node: "node-1"), Expanded(pod, pod: "node-1", node: "node-1"));
    }

    private static JsonArray Identity(string name, string? maxSurge = null)
    {
        var daemonSet = SampleObjects.DaemonSet();
        daemonSet["metadata"]!["name"] = name;
        if (maxSurge is not null)
        {
            daemonSet["spec"]!["updateStrategy"] = JsonNode.Parse(
                """{"rollingUpdate":{"maxUnavailable":0,"maxSurge":""" + maxSurge + "}}");
        }

        return Environment(new InjectorScenario().Create(daemonSet)["spec"]!["template"]!["spec"]!);
    }

    private static JsonArray Environment(JsonNode spec) => spec["initContainers"]![0]!["env"]!.AsArray();

    private static string Expanded(JsonArray environment, string pod, string node)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in environment)
        {
            var text = (string?)variable!["value"] ?? (string?)variable["valueFrom"]?["fieldRef"]?["fieldPath"] switch
            {
                "spec.nodeName" => node,
                "metadata.name" => pod,
                "metadata.namespace" => "team-a",
                _ => "",
            };
            variables[(string)variable["name"]!] = Registration.KubeletExpansion.Of(text, variables);
        }

        return variables["RUNNER_IDENTITY"];
    }
}
