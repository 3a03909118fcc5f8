using System.Text.Json.Nodes;
using RunnerWebhook.Tests.Cli;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Exporting;

/// <summary>What <c>export admission-policy</c> prints. Cluster tests show what an API server makes of it.</summary>
public sealed class AdmissionPolicyTests : IDisposable
{
    private const string Profile = """
        apiVersion: runner-webhook/v1
        kind: Configuration
        profiles:
          default:
            register: {url: "https://gitlab.example.com/", docker-image: "docker:27"}

        """;

    private const string Rules = Profile + """
        policy:
          - namespaces: [team-a, "team-*-b"]
            allow: {annotations: [description, tag-list]}
          - namespaces: ["*"]
            mode: warn
            allow: {annotations: []}
        """;

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public async Task Export_WithoutPolicy_PrintsOnePairOfEach()
    {
        var objects = await Export(Profile);

        Assert.Equal(
            ["MutatingAdmissionPolicy runner-webhook", "MutatingAdmissionPolicyBinding runner-webhook",
            "ValidatingAdmissionPolicy runner-webhook", "ValidatingAdmissionPolicyBinding runner-webhook"], objects.Select(Title));
        Assert.All(objects, policy => Assert.Equal("admissionregistration.k8s.io/v1", (string)policy["apiVersion"]!));
    }

    [Fact]
    public async Task Export_WithRules_PrintsAPairForEachAndOneForOtherNamespaces()
    {
        var objects = await Export(Rules, "--name", "mine");

        Assert.Equal(
            [
                "mine-rule-0", "mine-rule-0", "mine-rule-0", "mine-rule-0", "mine-rule-1", "mine-rule-1", "mine-rule-1",
                "mine-rule-1", "mine-rule-1-warn", "mine-rule-1-warn", "mine-no-rule", "mine-no-rule",
            ],
            objects.Select(policy => (string)policy["metadata"]!["name"]!));
        Assert.All(objects.Where(policy => policy["spec"]!["policyName"] is not null), binding =>
            Assert.Equal((string)binding["metadata"]!["name"]!, (string)binding["spec"]!["policyName"]!));
        Assert.Equal("Warn", (string)objects[9]["spec"]!["validationActions"]![0]!);
    }

    [Fact]
    public async Task Export_RulesInOrder_LeaveOutWhatEarlierOnesMatch()
    {
        var objects = await Export(Rules);

        const string first = "(request.namespace in ['team-a'] || request.namespace.matches('^(?s:team\\\\-.*\\\\-b)$'))";
        Assert.Equal(first, Condition(objects[0], "rule"));
        Assert.Equal($"true &&\n!({first})", Condition(objects[4], "rule"));
        Assert.Equal($"!({first}) &&\n!(true)", Condition(objects[10], "rule"));
    }

    [Fact]
    public async Task Export_MatchedObjects_AreThoseThatTheWebhookIsCalledFor()
    {
        var shipped = Path.Combine(
            RepositoryFiles.Root, "charts-free-manifests", "base", "mutatingwebhookconfiguration.yaml");
        var hooks = JsonNode.Parse(YamlFile.Parse(await File.ReadAllTextAsync(shipped, TestContext.Current.CancellationToken),
            out _)!.Documents[0].Json.GetRawText())!["webhooks"]!.AsArray();

        var constraints = (await Export(Profile))[0]["spec"]!["matchConstraints"]!;

        Assert.All(hooks, hook => Assert.True(JsonNode.DeepEquals(hook!["objectSelector"], constraints["objectSelector"])));
        Assert.All(hooks, hook => Assert.True(JsonNode.DeepEquals(hook!["namespaceSelector"], constraints["namespaceSelector"])));
        var rules = new JsonArray([.. hooks.Reverse().Select(hook => hook!["rules"]![0]!.DeepClone())]);
        Assert.True(JsonNode.DeepEquals(rules, constraints["resourceRules"]));
    }

    [Fact]
    public async Task Export_WhatAPolicyCanNotFollow_IsNamedAndWithStrictAnError()
    {
        await File.WriteAllTextAsync(_file, Profile, TestContext.Current.CancellationToken);

        var loose = await CommandRun.Of("export", "admission-policy", "--config", _file);
        var strict = await CommandRun.Of("export", "admission-policy", "--config", _file, "--strict");

        Assert.Equal(0, loose.ExitCode);
        Assert.StartsWith($"{_file}: not covered: no policy restricts the annotations: engine, ", loose.Error);
        Assert.Equal((1, ""), (strict.ExitCode, strict.Output));
        Assert.EndsWith("no policy printed because of the gaps above\n", strict.Error);
    }

    [Theory]
    [InlineData("    runtimeClassName: kata\n", "runtimeClassName: a policy adds no such field")]
    [InlineData("    engine: {kind: dind, dind: {userNamespace: true}}\n", "engine.dind.userNamespace: a policy adds no such field")]
    [InlineData("    engine: {kind: podman, podman: {sidecar: container}}\n", "engine.podman.sidecar: container: a policy adds native sidecars only")]
    public async Task Export_SettingThatAPolicyCanNotFollow_IsNamedAndRejectsWorkloads(string setting, string gap)
    {
        var configuration = Profile + setting + "policy: [{namespaces: [\"*\"], allow: {annotations: [description]}}]\n";
        await File.WriteAllTextAsync(_file, configuration, TestContext.Current.CancellationToken);

        var strict = await CommandRun.Of("export", "admission-policy", "--config", _file, "--strict");

        Assert.Equal((1, ""), (strict.ExitCode, strict.Output));
        Assert.Contains($"profiles.default.{gap}", strict.Error);
        Assert.Contains(await Export(configuration), policy => policy.ToJsonString()
            .Contains("which an admission policy can not follow: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_RuntimeClasses_AreJudged()
    {
        var objects = await Export(Profile + "policy: [{namespaces: [\"*\"], allow: {annotations: [], runtimeClasses: [kata]}}]\n");

        Assert.Contains(objects, policy => policy.ToJsonString().Contains("allows kata", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_AnnotationsThatAPolicyFollows_PassStrict()
    {
        var objects = await Export(Rules, "--strict");

        Assert.Equal(12, objects.Length);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("daemonSets: pods\n", false)]
    public async Task Export_WhatDiffersOnUpdates_IsANoteAndNoGap(string keys, bool isNoted)
    {
        await File.WriteAllTextAsync(_file, Rules + "\n" + keys, TestContext.Current.CancellationToken);

        var run = await CommandRun.Of("export", "admission-policy", "--config", _file, "--strict");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(isNoted, run.Error.StartsWith("runner-webhook: note: on update of a DaemonSet", StringComparison.Ordinal));
        Assert.Equal(isNoted, run.Error.Length > 0);
    }

    [Fact]
    public async Task Export_AsYaml_SaysTheSameAsJson()
    {
        var objects = await Export(Rules);
        var run = await CommandRun.Of("export", "admission-policy", "--config", _file);

        var documents = YamlFile.Parse(run.Output, out _)!.Documents.Select(document => JsonNode.Parse(document.Json.GetRawText()));
        Assert.All(objects.Zip(documents), pair => Assert.True(JsonNode.DeepEquals(pair.First, pair.Second)));
    }

    [Fact]
    public async Task Overlay_Policies_AreThoseOfTheShippedConfiguration()
    {
        var charts = Path.Combine(RepositoryFiles.Root, "charts-free-manifests");
        var map = await File.ReadAllTextAsync(
            Path.Combine(charts, "base", "configmap.yaml"), TestContext.Current.CancellationToken);
        var shipped = YamlFile.Parse(map, out _)!.Documents[0].Json.GetProperty("data").GetProperty("config.yaml").GetString();
        await File.WriteAllTextAsync(_file, shipped, TestContext.Current.CancellationToken);

        var run = await CommandRun.Of("export", "admission-policy", "--config", _file);

        var overlay = Path.Combine(charts, "overlays", "admission-policy", "policies.yaml");
        Assert.True(await File.ReadAllTextAsync(overlay, TestContext.Current.CancellationToken) == run.Output,
            "charts-free-manifests/overlays/admission-policy/policies.yaml is stale: run ./dev docs");
        // kubectl apply keeps each object once more in an annotation, of 256 kB at most.
        Assert.All(run.Output.Split("---\n"), document => Assert.InRange(document.Length, 100, 200_000));
    }

    public void Dispose() => File.Delete(_file);

    private async Task<JsonNode[]> Export(string configuration, params string[] options)
    {
        await File.WriteAllTextAsync(_file, configuration, TestContext.Current.CancellationToken);
        var run = await CommandRun.Of(["export", "admission-policy", "--config", _file, "-o", "json", .. options]);
        Assert.Equal(0, run.ExitCode);
        return [.. JsonNode.Parse(run.Output)!["items"]!.AsArray().Select(policy => policy!)];
    }

    private static string Title(JsonNode policy) => $"{policy["kind"]} {policy["metadata"]!["name"]}";

    private static string Condition(JsonNode policy, string name) => (string)policy["spec"]!["matchConditions"]!.AsArray()
        .Single(condition => (string)condition!["name"]! == name)!["expression"]!;
}
