using System.Text.Json;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.SupplyChain;

/// <summary>Where the shipped network policies let the webhook connect to.</summary>
public sealed class EgressTests
{
    private const string Dns = "namespace kube-system, 169.254.20.10/32";

    private static readonly string Manifests = Path.Combine(RepositoryFiles.Root, "charts-free-manifests");

    [Theory]
    [InlineData("base/networkpolicy.yaml")]
    [InlineData("components/api-access/networkpolicy.yaml", "443/TCP to all", "6443/TCP to all")]
    [InlineData("components/traces/networkpolicy.yaml", "4317/TCP to namespace observability", "4318/TCP to namespace observability",
        $"53/UDP to {Dns}", $"53/TCP to {Dns}")]
    public void Policy_Shipped_AllowsTheseConnectionsAlone(string file, params string[] expected) =>
        Assert.Equal(expected, Connections(Read(Path.Combine(Manifests, file))));

    [Fact]
    public void Policies_Shipped_AreTheseAlone() => Assert.Equal(3, Directory.EnumerateFiles(Manifests, "*.yaml", SearchOption.AllDirectories)
        .Count(file => File.ReadAllText(file).Contains("\nkind: NetworkPolicy\n", StringComparison.Ordinal)));

    [Fact]
    public void Base_WithoutARuleOfEgress_AllowsNothing() => Assert.Contains("Egress",
        Read(Path.Combine(Manifests, "base", "networkpolicy.yaml")).GetProperty("spec").GetProperty("policyTypes")
            .EnumerateArray().Select(type => type.GetString()));

    /// <summary>The collector's namespace is named twice.</summary>
    [Fact]
    public void Collector_OfTraces_IsInTheNamespaceThatThePolicyAllows() => Assert.Contains("http://opentelemetry-collector.observability:4317",
        File.ReadAllText(Path.Combine(Manifests, "components", "traces", "deployment.yaml")), StringComparison.Ordinal);

    private static JsonElement Read(string file) => Assert.Single(YamlFile.Parse(File.ReadAllText(file), out _)!.Documents).Json;

    // A rule without ports would allow them all.
    private static IEnumerable<string> Connections(JsonElement policy) => policy.GetProperty("spec").TryGetProperty("egress", out var rules)
        ? rules.EnumerateArray().SelectMany(rule => rule.GetProperty("ports").EnumerateArray().Select(port =>
            $"{port.GetProperty("port")}/{port.GetProperty("protocol").GetString()} to {Peers(rule)}")) : [];

    private static string Peers(JsonElement rule) => !rule.TryGetProperty("to", out var peers) ? "all"
        : string.Join(", ", peers.EnumerateArray().Select(peer => peer.TryGetProperty("ipBlock", out var block)
            ? block.GetProperty("cidr").GetString()
            : $"namespace {Assert.Single(peer.GetProperty("namespaceSelector").GetProperty("matchLabels").EnumerateObject()).Value}"));
}
