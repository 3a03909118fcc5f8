using System.Text.Json;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.SupplyChain;

/// <summary>Where the shipped network policies let the webhook connect to.</summary>
public sealed class EgressTests
{
    private static readonly string Manifests = Path.Combine(RepositoryFiles.Root, "charts-free-manifests");

    [Theory]
    [InlineData("base/networkpolicy.yaml")]
    [InlineData("components/api-access/networkpolicy.yaml", "443/TCP", "6443/TCP")]
    [InlineData("components/traces/networkpolicy.yaml", "53/UDP", "53/TCP", "4317/TCP", "4318/TCP")]
    public void Policy_Shipped_AllowsTheseConnectionsAlone(string file, params string[] expected) =>
        Assert.Equal(expected, Ports(Read(Path.Combine(Manifests, file))));

    [Fact]
    public void Policies_Shipped_AreTheseAlone() => Assert.Equal(3, Directory.EnumerateFiles(Manifests, "*.yaml", SearchOption.AllDirectories)
        .Count(file => File.ReadAllText(file).Contains("\nkind: NetworkPolicy\n", StringComparison.Ordinal)));

    [Fact]
    public void Base_WithoutARuleOfEgress_AllowsNothing() => Assert.Contains("Egress",
        Read(Path.Combine(Manifests, "base", "networkpolicy.yaml")).GetProperty("spec").GetProperty("policyTypes")
            .EnumerateArray().Select(type => type.GetString()));

    private static JsonElement Read(string file) => Assert.Single(YamlFile.Parse(File.ReadAllText(file), out _)!.Documents).Json;

    // A rule without ports would allow them all.
    private static IEnumerable<string> Ports(JsonElement policy) => policy.GetProperty("spec").TryGetProperty("egress", out var rules)
        ? rules.EnumerateArray().SelectMany(rule => rule.GetProperty("ports").EnumerateArray())
            .Select(port => $"{port.GetProperty("port")}/{port.GetProperty("protocol").GetString()}") : [];
}
