using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CsCheck;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Tests.Injection;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Policy;

public sealed class PolicyTests
{
    private static readonly string[] Engines = ["hostSocket", "none"];
    private static readonly string[] Images = ["docker:*", "busybox", "*"];
    private static readonly string[] Annotations = ["engine", "docker-image", "d*"];

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "anything/at:all", true)]
    [InlineData("team-*", "team-", true)]
    [InlineData("team-*", "Team-a", false)]
    [InlineData("*/build:*", "registry.example.com/a/build:1", true)]
    [InlineData("a*b*c", "abbbc", true)]
    [InlineData("a*b*c", "abcb", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("docker", "docker:27", false)]
    public void Glob_Pattern_MatchesTheWholeText(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Glob.Matches(pattern, text));

    [Fact]
    public void Glob_ManyStars_EndsQuickly() =>
        Assert.False(Glob.Matches(string.Concat(Enumerable.Repeat("*a", 500)) + "b", new string('a', 5_000)));

    [Fact]
    public void Read_BadRules_TellsEveryMistake()
    {
        ConfigurationFile.Read("""
            apiVersion: runner-webhook/v1
            kind: Configuration
            policy:
              - namespace: [a]
              - namespaces: [a]
                profile: large
                mode: off
                register: {tags: a}
                allow: {privileged: maybe, images: []}
              - all
            """, "config.yaml", out var mistakes);

        Assert.Equal(
            [
                "config.yaml:4:5: policy[0].namespace: unknown key (did you mean 'namespaces'?); known here: namespaces, namespaceSelector, profile, register, allow, require, mode",
                "config.yaml:4:5: policy[0]: needs namespaces or namespaceSelector",
                "config.yaml:6:14: policy[1].profile: is 'large', but must be one of default",
                "config.yaml:7:11: policy[1].mode: must be a string, but is a boolean: put it in quotes",
                "config.yaml:8:16: policy[1].register.tags: is not a known register option; an option that this version does not know can be given in extraArgs",
                "config.yaml:9:25: policy[1].allow.privileged: must be true or false, but is a string",
                "config.yaml:9:32: policy[1].allow.images: unknown key; known here: annotations, namespaceAnnotations, engines, dockerImages, runnerImages, urls, hostPaths, runtimeClasses, privileged",
                "config.yaml:10:5: policy[2]: must be a mapping, but is a string",
            ],
            mistakes);
    }

    /// <summary>The quick look-up finds what the definition says: the first rule one of whose globs matches, and whose selector
    /// the namespace's labels meet.</summary>
    [Fact]
    public void RuleFor_AnyRules_IsTheFirstThatMatches()
    {
        var text = OneOf("", "a", "b", "ab", "ba", "-");
        var glob = OneOf("", "*", "**", "*a*", "*b").SelectMany(star => Gen.Select(text, text, (start, end) => start + star + end));
        var requirement = Gen.Select(OneOf("x", "y", "z"), Gen.Enum<LabelOperator>(), OneOf("1", "2").Array[1, 2])
            .Select(parts => new LabelRequirement(parts.Item1, parts.Item2, [.. parts.Item3]));
        var rule = Gen.Select(glob.Array[1, 3], requirement.Array[1, 2], Gen.Bool);
        var labels = Gen.Dictionary(OneOf("x", "y", "other"), OneOf("1", "2", "3"))[0, 3];
        Gen.Select(rule.Array[0, 8], text.Array[1, 4], labels, Gen.Bool).Sample((drawn, name, has, isKnown) =>
        {
            ImmutableArray<PolicyRule> rules = [.. drawn.Select((parts, index) => new PolicyRule
            {
                Index = index,
                Line = index + 1,
                Namespaces = [.. parts.Item1],
                NamespaceSelector = parts.Item3 ? new([.. parts.Item2]) : null,
            })];
            var space = string.Concat(name);
            var metadata = isKnown ? new NamespaceMetadata(has.ToImmutableDictionary(), ImmutableDictionary<string, string>.Empty) : null;

            var found = (RunnerConfiguration.BuiltIn with { Policy = rules }).RuleFor(space, metadata);

            Assert.Same(rules.FirstOrDefault(rule => rule.Namespaces.Any(pattern => Glob.Matches(pattern, space))
                && (rule.NamespaceSelector is null || (metadata is not null && rule.NamespaceSelector.Matches(metadata.Labels)))), found);
        }, iter: 20_000);
    }

    [Theory]
    [InlineData("extra-args", "--docker-privileged=true", "annotation gitlab-runner/extra-args is set")]
    [InlineData("docker-volumes", "/cache/../etc:/etc", "docker-volumes is '/etc'")]
    [InlineData("docker-volumes", "/cache/a:/a", "")]
    public void Judge_WaysAround_AreSeen(string annotation, string value, string violation)
    {
        var scenario = new InjectorScenario("policy:\n  - namespaces: [team-a]\n    allow: {hostPaths: [/var/run/docker.sock, /cache/*]}\n");
        var pod = SampleObjects.Pod();
        pod["metadata"]!["annotations"] = new JsonObject { ["gitlab-runner/" + annotation] = value };

        scenario.Create(pod);

        Assert.Equal(violation.Length > 0, scenario.Last.IsDenied);
        Assert.Contains(violation, scenario.Last.Sentence);
    }

    [Fact]
    public void Tightening_AnyRule_NeverPermitsMore() => Gen.Select(
        Gen.Shuffle(Engines, 0, 2), Gen.Shuffle(Images, 0, 3), Gen.Shuffle(Annotations, 0, 3), Gen.Int[0, 2], Gen.Int[0, 3]).Sample(
        (engines, images, annotations, drop, pod) =>
        {
            var before = IsPermitted(engines, images, annotations, pod);
            var after = IsPermitted(
                drop == 0 ? [.. engines.Skip(1)] : engines,
                drop == 1 ? [.. images.Skip(1)] : images,
                drop == 2 ? [.. annotations.Skip(1)] : annotations,
                pod);
            Assert.True(before || !after);
        });

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static bool IsPermitted(string[] engines, string[] images, string[] annotations, int shape)
    {
        var scenario = new InjectorScenario($$"""
            policy:
              - namespaces: ["*"]
                allow: {engines: [{{List(engines)}}], dockerImages: [{{List(images)}}], annotations: [{{List(annotations)}}]}
            """);
        var pod = SampleObjects.Pod();
        var set = new JsonObject();
        if ((shape & 1) != 0)
        {
            set["gitlab-runner/engine"] = "none";
        }

        if ((shape & 2) != 0)
        {
            set["gitlab-runner/docker-image"] = "busybox";
        }

        pod["metadata"]!["annotations"] = set;
        scenario.Create(pod);
        return !scenario.Last.IsDenied;
    }

    private static string List(string[] values) => string.Join(", ", values.Select(value => $"\"{value}\""));
}
