using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RunnerWebhook.ClusterTests.Manifests;
using RunnerWebhook.Core.Workloads;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>The way out of the webhook's pods, narrowed to the API server by the command that README.md of the manifests shows.</summary>
public sealed partial class EgressTests(OwnCluster own) : IClassFixture<OwnCluster>
{
    private static readonly KubernetesVersion SlicesV1 = new(1, 21);

    private static readonly string Manifests = Path.Combine(Webhook.Repository, "charts-free-manifests");

    [Fact]
    public async Task Command_OfTheDocument_AllowsTheAddressesOfTheApiServerAlone()
    {
        own.Cluster.Require();
        using var shell = new CommandProcess(own.Cluster);
        var folder = Path.GetDirectoryName(shell.Write("unused", ""))!;
        var command = Command().Match(await File.ReadAllTextAsync(Path.Combine(Manifests, "README.md"), TestContext.Current.CancellationToken)).Value;
        // A cluster with both families of addresses has a slice for each. This one listens on loopback, which is no endpoint.
        await Create("IPv4", "192.0.2.10");
        await Create("IPv6", "2001:db8::6", "2001:db8::7");

        (await shell.Run($"cd {Webhook.Repository}\n{command.Replace(">api-server.yaml", $">{folder}/api-server.yaml", StringComparison.Ordinal)}")).Ensure();
        shell.Write("kustomization.yaml", $"""
            resources: [{Path.GetRelativePath(folder, Manifests)}/overlays/cert-manager]
            patches: [path: api-server.yaml]
            """);
        var policy = (await Installation.Build(own.Cluster.Kubectl, folder)).Only("NetworkPolicy");

        Assert.Equal(["192.0.2.10/32:6443", "2001:db8::6/128:6443", "2001:db8::7/128:6443"], policy["spec"]!["egress"]!.AsArray().Select(Describe));
        policy["metadata"]!["namespace"] = "default";
        (await own.Cluster.Kubectl.RunWithInput(policy.ToJsonString(), "create", "--dry-run=server", "-f", "-")).Ensure();
    }

    private async Task Create(string family, params string[] addresses) => (await own.Cluster.Kubectl.RunWithInput(new JsonObject
    {
        ["apiVersion"] = own.Cluster.Version >= SlicesV1 ? "discovery.k8s.io/v1" : "discovery.k8s.io/v1beta1",
        ["kind"] = "EndpointSlice",
        ["metadata"] = new JsonObject
        {
            ["name"] = $"kubernetes-{family.ToLowerInvariant()}",
            ["namespace"] = "default",
            ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = "kubernetes" },
        },
        ["addressType"] = family,
        ["endpoints"] = new JsonArray([.. addresses.Select(address => new JsonObject { ["addresses"] = new JsonArray(address) })]),
        ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 6443, ["protocol"] = "TCP" }),
    }.ToJsonString(), "create", "-f", "-")).Ensure();

    // One address and one port.
    private static string Describe(JsonNode? rule)
    {
        Assert.Equal(["to", "ports"], rule!.AsObject().Select(member => member.Key).OrderDescending());
        var peer = Assert.Single(rule["to"]!.AsArray())!["ipBlock"]!.AsObject();
        var port = Assert.Single(rule["ports"]!.AsArray())!.AsObject();
        Assert.Equal("cidr", Assert.Single(peer).Key);
        Assert.Equal("TCP", (string)port["protocol"]!);
        return $"{(string)peer["cidr"]!}:{(int)port["port"]!}";
    }

    [GeneratedRegex("^kubectl get endpointslices .*$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
