using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Tests.Injection;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Properties;

/// <summary>Laws of the layers that settings come from.</summary>
public sealed class LayerProperties
{
    private static readonly string[] Options = ["limit", "output-limit", "request-concurrency", "docker-shm-size"];

    private static readonly SettingLayer[] Layers =
        [SettingLayer.Profile, SettingLayer.NamespaceRule, SettingLayer.Namespace, SettingLayer.Workload, SettingLayer.PodTemplate];

    /// <summary>For each option, the layers that set it, as bits.</summary>
    private static readonly Gen<int[]> Set = Gen.Int[0, (1 << Layers.Length) - 1].Array[Options.Length];

    [Fact]
    public void Resolve_AnyLayers_TakesTheLastAndKnowsIt() => Set.Sample(set =>
    {
        var settings = Resolve(set);
        foreach (var (option, bits) in Options.Zip(set))
        {
            var layer = Layers.Where((_, index) => (bits & (1 << index)) != 0).Append(SettingLayer.BuiltIn).Max();
            var values = settings.Profile.Register.GetValueOrDefault(option);
            Assert.Equal(layer == SettingLayer.BuiltIn ? "" : Value(option, layer), values.IsDefault ? "" : values[0]);
            Assert.Equal(layer, settings.OriginOf("register." + option).Layer);
        }
    });

    [Fact]
    public void Resolve_EmptyLayers_AreIdentity() => Set.Sample(set =>
    {
        var withoutRuleAndNamespace = set.Select(bits => bits & ~0b110).ToArray();

        var with = Resolve(withoutRuleAndNamespace);
        var without = Resolve(withoutRuleAndNamespace, hasRuleAndNamespace: false);

        Assert.Equal(ConfigurationWriter.Revision(without.Profile), ConfigurationWriter.Revision(with.Profile));
        Assert.Equal(without.All().Select(setting => (setting.Field, setting.Value?.ToJsonString(), setting.Origin.Layer)),
            with.All().Select(setting => (setting.Field, setting.Value?.ToJsonString(), setting.Origin.Layer)));
    });

    private static ResolvedSettings Resolve(int[] set, bool hasRuleAndNamespace = true)
    {
        IEnumerable<string> In(SettingLayer layer) => Options.Where((_, index) => (set[index] & (1 << Array.IndexOf(Layers, layer))) != 0);
        string Map(SettingLayer layer) => string.Join(", ", In(layer).Select(option => $"{option}: {Value(option, layer)}"));
        JsonObject Annotations(SettingLayer layer) => new(In(layer).Select(option =>
            KeyValuePair.Create("gitlab-runner/" + option, (JsonNode?)Value(option, layer))));

        var rule = "policy: [{namespaces: [\"*\"], register: {" + Map(SettingLayer.NamespaceRule) + "}}]";
        var configuration = ConfigurationFile.Read(
            "apiVersion: runner-webhook/v1\nkind: Configuration\n"
            + "profiles: {default: {register: {" + Map(SettingLayer.Profile) + "}}}\n"
            + (hasRuleAndNamespace ? rule : ""), "config.yaml", out var mistakes)!;
        Assert.Empty(mistakes);
        var daemonSet = SampleObjects.DaemonSet();
        daemonSet["metadata"]!["annotations"] = Annotations(SettingLayer.Workload);
        daemonSet["spec"]!["template"]!["metadata"]!["annotations"] = Annotations(SettingLayer.PodTemplate);
        var space = Annotations(SettingLayer.Namespace).ToImmutableDictionary(entry => entry.Key, entry => (string)entry.Value!);
        var workload = InjectorScenario.Read(daemonSet) with
        {
            NamespaceMetadata = hasRuleAndNamespace ? new(ImmutableDictionary<string, string>.Empty, space) : null,
        };
        var settlement = Assert.IsType<Resolved>(Settlement.Of(configuration, workload, "gitlab/gitlab-runner:v17.5.0"));
        Assert.Empty(settlement.Problems);
        return settlement.Values;
    }

    private static string Value(string option, SettingLayer layer) =>
        ((Array.IndexOf(Options, option) * 10) + (int)layer + 1).ToString(CultureInfo.InvariantCulture);
}
