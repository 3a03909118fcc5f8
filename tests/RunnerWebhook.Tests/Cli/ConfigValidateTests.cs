using System.Text.Json.Nodes;
using RunnerWebhook.Tests.Configuration;
using Xunit;

namespace RunnerWebhook.Tests.Cli;

public sealed class ConfigValidateTests
{
    private const string Good = ConfigurationCorpus.Head
        + "profiles:\n  default:\n    register: {url: https://gitlab.example.com/, docker-image: docker:27}\n";

    private const string Profile = ConfigurationCorpus.Head + "profiles:\n  default:\n    register:\n"
        + "      url: https://gitlab.example.com/\n      docker-image: docker:27\n";

    [Theory]
    [InlineData("--filename")]
    [InlineData("-f")]
    [InlineData("--config")]
    [InlineData("-c")]
    public async Task Validate_GoodFile_SaysSoInOneLine(string option)
    {
        var run = await CommandRun.WithInput(Good, "config", "validate", option, "-");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches("^-: valid: 1 profile, no policy, revision [0-9a-f]{12}\n$", run.Output);
    }

    [Fact]
    public async Task Validate_ShippedConfigurations_AreValidWithoutWarnings()
    {
        var run = await CommandRun.Of("config", "validate", "--strict", "-f", Path.Combine(RepositoryFiles.Tests, "golden", "config.yaml"));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("      limit: 5\n", "8:14: profiles.default.register.limit: is 5, but global.concurrent lets no more than 1 jobs run")]
    [InlineData("      cache-s3-secret-key: never-shown\n",
        "8:28: profiles.default.register.cache-s3-secret-key: is a credential that everyone who may read the pods can read")]
    [InlineData("      tag-list: [a]\n    token: {mode: authentication}\n",
        "8:17: profiles.default.register.tag-list: has no effect with token.mode authentication: set it on the runner in GitLab")]
    [InlineData("    token: {value: never-shown}\n",
        "8:20: profiles.default.token.value: is a token that everyone who may read the pods can read: put it in a Secret, and name the Secret in secretName")]
    [InlineData("    extraArgs: [--debug, --token=never-shown]\n",
        "8:26: profiles.default.extraArgs[1]: --token shows the token to everyone who may read the pods: use token.secretName")]
    [InlineData("    extraArgs: [-token=never-shown, --cache-s3-secret-key, never-shown]\n",
        "8:17: profiles.default.extraArgs[0]: -token shows the token to everyone who may read the pods: use token.secretName",
        "8:37: profiles.default.extraArgs[1]: --cache-s3-secret-key shows the credential to everyone who may read the pods: use cache.secretName")]
    [InlineData("  empty:\n    engine: {kind: none}\n",
        "8:3: profiles.empty.register: lacks url: only workloads that get one by a rule or an annotation can be injected",
        "8:3: profiles.empty.register: lacks docker-image: only workloads that get one by a rule or an annotation can be injected")]
    [InlineData("  other:\n    register: {url: https://a/, docker-image: b}\npolicy:\n  - {namespaces: [a], allow: {annotations: []}}\n",
        "8:3: profiles.other: is never used: no rule names it, and no rule allows the annotation gitlab-runner/profile")]
    [InlineData("policy:\n  - {namespaces: ['*']}\n  - {namespaces: [a, 'b*']}\n",
        "10:5: policy[1]: is never reached: policy[0] (line 9) comes first, and matches *")]
    [InlineData("policy:\n  - {namespaces: ['team-*']}\n  - {namespaces: [ops, team-a, 'team-b*']}\n",
        "10:24: policy[1].namespaces[1]: 'team-a' is never reached: policy[0] (line 9) comes first, and matches team-*",
        "10:32: policy[1].namespaces[2]: 'team-b*' is never reached: policy[0] (line 9) comes first, and matches team-*")]
    [InlineData("policy:\n  - {namespaces: ['*'], allow: {annotations: [tag_list, 'docker-*'], engines: [hostsocket, docker]}}\n",
        "9:47: policy[0].allow.annotations[0]: 'tag_list' matches no annotation that rules restrict (did you mean 'tag-list'?)",
        "9:80: policy[0].allow.engines[0]: 'hostsocket' matches no engine (did you mean 'hostSocket'?)",
        "9:92: policy[0].allow.engines[1]: 'docker' matches no engine")]
    [InlineData("policy:\n  - {namespaces: ['*'], allow: {annotations: [container]}}\n",
        "9:47: policy[0].allow.annotations[0]: 'container' matches no annotation that rules restrict")]
    public async Task Validate_SuspiciousFile_Warns(string lines, params string[] warnings)
    {
        var run = await CommandRun.WithInput(Profile + lines, "config", "validate", "-f", "-");
        var strict = await CommandRun.WithInput(Profile + lines, "config", "validate", "-f", "-", "--strict");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(string.Concat(warnings.Select(warning => $"-:{warning.Insert(warning.IndexOf(": ", StringComparison.Ordinal), ": warning")}\n")), run.Error);
        Assert.StartsWith("-: valid: ", run.Output);
        Assert.Equal((1, ""), (strict.ExitCode, strict.Output));
        Assert.Equal(string.Concat(warnings.Select(warning => $"-:{warning}\n")), strict.Error);
        Assert.DoesNotContain("never-shown", run.Error);
    }

    [Theory]
    [InlineData("policy:\n  - {namespaces: [team-a]}\n  - {namespaces: ['team-*']}\n  - {namespaces: ['*']}\n")]
    [InlineData("watchNamespaces: true\npolicy:\n  - {namespaces: ['*'], namespaceSelector: {matchLabels: {team: a}}}\n  - {namespaces: ['*']}\n")]
    [InlineData("  other:\n    register: {url: https://a/, docker-image: b}\npolicy:\n  - {namespaces: [a], profile: other}\n  - {namespaces: [b]}\n")]
    [InlineData("  other: {engine: {kind: none}}\npolicy:\n  - {namespaces: [a], profile: other, allow: {annotations: []}, register: {url: https://a/, docker-image: b}}\n"
        + "  - {namespaces: [b], allow: {annotations: []}}\n")]
    [InlineData("      limit: 4\n    global: {concurrent: 4}\n")]
    [InlineData("policy:\n  - {namespaces: ['*'], allow: {annotations: [profile, 'token-*', url], engines: ['*']}}\n")]
    public async Task Validate_MeantFile_DoesNotWarn(string lines)
    {
        var run = await CommandRun.WithInput(Profile + lines, "config", "validate", "-f", "-", "--strict");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Validate_AsJson_HoldsPlacesAndFields()
    {
        var bad = await CommandRun.WithInput(Profile + "    tokn: {}\n", "config", "validate", "-f", "-", "-o", "json");
        var good = await CommandRun.WithInput(Profile + "      limit: 2\npolicy:\n  - namespaces: [a]\n", "config", "validate", "-f", "-", "-o", "json");

        Assert.Equal((1, ""), (bad.ExitCode, bad.Error));
        var error = JsonNode.Parse(bad.Output)!["errors"]![0]!;
        Assert.Equal((8, 5, "profiles.default.tokn"), ((int)error["line"]!, (int)error["column"]!, (string)error["field"]!));
        Assert.StartsWith("unknown key (did you mean 'token'?)", (string)error["message"]!);
        var report = JsonNode.Parse(good.Output)!;
        Assert.Equal(0, good.ExitCode);
        Assert.Equal((true, 1, 1), ((bool)report["valid"]!, (int)report["profiles"]!, (int)report["rules"]!));
        Assert.Equal("profiles.default.register.limit", (string)report["warnings"]![0]!["field"]!);
    }

    [Theory]
    [InlineData("config", "validate")]
    [InlineData("config", "validate", "-f", "/no/such/file")]
    [InlineData("config", "validate", "-f", "/")]
    [InlineData("config", "validate", "-f", "-", "-o", "yaml")]
    [InlineData("config")]
    public async Task Validate_CalledWrongly_IsAUsageError(params string[] arguments)
    {
        var run = await CommandRun.Of(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.NotEmpty(run.Error);
    }
}
