using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Core.Workloads;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>Pod fields of recent Kubernetes releases on an API server that has them: they survive injection, and the
/// injected pod is valid with them.</summary>
[Collection(WebhookCollection.Name)]
public sealed class ModernPodTests(Webhook webhook)
{
    private const string Pod = """
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "runner", "labels": {"gitlab-runner": "inject"}},
         "spec": {"containers": [{"name": "gitlab-runner", "image": "gitlab/gitlab-runner:v17.5.0"}]}}
        """;

    private Cluster Control => webhook.Cluster;

    /// <summary>The field, the first release that has it by default, and where in the spec which value is.</summary>
    public static TheoryData<string, string, string, string> Fields => new()
    {
        { "native sidecar", "1.29", "initContainers", """[{"name": "proxy", "image": "proxy:1", "restartPolicy": "Always"}]""" },
        { "user namespace", "1.33", "hostUsers", "false" },
        {
            "pod-level resources", "1.34", "resources",
            """{"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "2", "memory": "2Gi"}}"""
        },
        { "little pod-level resources", "1.34", "resources", """{"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"cpu": "500m"}}""" },
        { "image volume", "1.35", "volumes", """[{"name": "tools", "image": {"reference": "busybox:1"}}]""" },
        { "resource claims", "1.34", "resourceClaims", """[{"name": "gpu", "resourceClaimTemplateName": "gpu"}]""" },
        { "host name", "1.35", "hostnameOverride", "\"runner-host\"" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Pod_WithARecentField_IsInjectedAndKeepsIt(string name, string since, string field, string value)
    {
        Control.Require(KubernetesVersion.TryParse(since)!.Value, name);
        var space = await Control.CreateNamespace("modern");
        var pod = JsonNode.Parse(Pod)!;
        pod["spec"]![field] = JsonNode.Parse(value);

        var create = (await Control.Kubectl.RunWithInput(pod.ToJsonString(), "create", "-n", space, "-f", "-")).Ensure();

        Assert.Contains($"Warning: runner-webhook: Pod {space}/runner: injected init container init-runner", create.Error);
        var stored = (await Control.Kubectl.Get(space, "pod", "runner"))["spec"]!;
        Assert.Contains(stored["initContainers"]!.AsArray(), one => (string)one!["name"]! == "init-runner");
        AssertHolds(pod["spec"]![field]!, stored[field]!);
    }

    // The API server adds defaults, and the webhook adds elements after the user's own.
    private static void AssertHolds(JsonNode own, JsonNode stored)
    {
        if (own is JsonArray list)
        {
            Assert.All(list.Zip(stored.AsArray()), pair => AssertHolds(pair.First!, pair.Second!));
        }
        else if (own is JsonObject map)
        {
            Assert.All(map, entry => AssertHolds(entry.Value!, stored[entry.Key]!));
        }
        else
        {
            Assert.Equal(own.ToJsonString(), stored.ToJsonString());
        }
    }
}
