using System.Text.Json.Nodes;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>A refusal reports every reason, whichever step of the injection finds it; the first gives the code.</summary>
public sealed class RefusalTests
{
    private const string Policy = """
        policy:
          - namespaces: ["team-*"]
            allow: {dockerImages: ["docker:*"], privileged: false, engines: [hostSocket]}
            require: {tag-list: [team]}
        """;

    [Theory]
    [InlineData("policy, container and volume", OutcomeCode.DeniedByPolicy, """{"docker-image":"busybox"}""", "team-a",
        "docker-image is 'busybox'", "tag-list lacks 'team'", "a container named init-runner", "volume runner-config")]
    [InlineData("annotations, policy and volume", OutcomeCode.DeniedSettingInvalid,
        """{"limit":"many","docker-imge":"x","docker-privileged":"true"}""", "team-a",
        "gitlab-runner/docker-imge is not a known setting", "gitlab-runner/limit ", "docker-privileged is true", "volume runner-config")]
    [InlineData("a profile that there is not, and annotations", OutcomeCode.DeniedSettingInvalid,
        """{"profile":"defalt","limit":"many"}""", "team-a", "gitlab-runner/profile is 'defalt'", "gitlab-runner/limit ")]
    [InlineData("no rule and annotations", OutcomeCode.DeniedNoRule, """{"limit":"many"}""", "other",
        "no rule of the policy matches", "gitlab-runner/limit ")]
    [InlineData("no such container, policy and annotations", OutcomeCode.DeniedUnknownContainer,
        """{"container":"runer","limit":"many","docker-privileged":"true"}""", "team-a",
        "names 'runer'", "gitlab-runner/limit ", "docker-privileged is true")]
    public void Inject_SeveralReasons_AreAllReported(
        string reasons, OutcomeCode code, string annotations, string space, params string[] sentences)
    {
        var outcome = Inject(annotations, space);

        Assert.True(outcome.Code == code, $"{reasons}: {outcome.Code}");
        Assert.All(sentences, sentence => Assert.Contains(sentence, outcome.Sentence));
        Assert.Equal(outcome.Sentence.IndexOf("Pod ", StringComparison.Ordinal), outcome.Sentence.LastIndexOf("Pod ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("spec", "affinity", """
        {"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":
        [{"matchExpressions":[{"key":"kubernetes.io/os","operator":"In","values":["windows"]}]}]}}}
        """, "spec.affinity.nodeAffinity allows windows nodes alone")]
    [InlineData("spec", "affinity", """
        {"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":
        [{"matchExpressions":[{"key":"kubernetes.io/os","operator":"In","values":["windows"]}]}, {"matchExpressions":[]}]}}}
        """, null)]
    [InlineData("spec", "affinity", """
        {"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":
        [{"matchExpressions":[{"key":"kubernetes.io/os","operator":"NotIn","values":["windows"]}]}]}}}
        """, null)]
    [InlineData("spec", "securityContext", """{"windowsOptions":{"hostProcess":true}}""", "spec.securityContext.windowsOptions is set")]
    [InlineData("container", "securityContext", """{"windowsOptions":{"runAsUserName":"ContainerUser"}}""",
        "container gitlab-runner has securityContext.windowsOptions")]
    [InlineData("container", "command", """["PowerShell","-Command","x"]""", "container gitlab-runner runs PowerShell")]
    [InlineData("container", "command", """["C:\\gitlab-runner.exe","run"]""", "container gitlab-runner runs C:\\gitlab-runner.exe")]
    [InlineData("container", "command", """["pwsh","-Command","gitlab-runner run"]""", null)]
    [InlineData("container", "image", "\"example.com/gitlab-runner:nanoserver-1809\"", "has the image example.com/gitlab-runner:nanoserver-1809")]
    public void Inject_PodForWindows_IsRefusedByWhatSaysSo(string owner, string field, string value, string? sentence)
    {
        var scenario = new InjectorScenario();
        var pod = SampleObjects.Pod();
        var place = owner == "spec" ? pod["spec"]! : pod["spec"]!["containers"]![0]!;
        place[field] = JsonNode.Parse(value);

        scenario.Create(pod);

        Assert.Equal(sentence is not null, scenario.Last.Code == OutcomeCode.DeniedWindows);
        Assert.Contains(sentence ?? "", scenario.Last.Sentence);
    }

    [Fact]
    public void Inject_SeveralArgumentsInOneText_AreRefusedWithoutTheirValues()
    {
        var outcome = Inject("""{"extra-args":"--locked,--token glrt-never-shown"}""", "team-a");

        Assert.Equal(OutcomeCode.DeniedSettingInvalid, outcome.Code);
        Assert.Contains("gitlab-runner/extra-args must be a list; each one argument", outcome.Sentence);
        Assert.DoesNotContain("never-shown", outcome.Sentence);
    }

    [Fact]
    public void Inject_ValueOfAMistakenAnnotation_IsNotJudgedInItsPlace()
    {
        var outcome = Inject("""{"tag-list":"[broken","url":"no url"}""", "team-a");

        Assert.Contains("gitlab-runner/tag-list must be a JSON list", outcome.Sentence);
        Assert.Contains("gitlab-runner/url ", outcome.Sentence);
        Assert.DoesNotContain("tag-list lacks", outcome.Sentence);
        Assert.DoesNotContain("register needs", outcome.Sentence);
    }

    private static InjectionOutcome Inject(string annotations, string space)
    {
        var pod = JsonNode.Parse("""
            {"metadata": {"name": "runner", "labels": {"gitlab-runner": "inject"}, "annotations": {}},
             "spec": {"volumes": [{"name": "runner-config", "secret": {"secretName": "mine"}}],
              "initContainers": [{"name": "init-runner", "image": "busybox"}],
              "containers": [{"name": "runner", "image": "gitlab/gitlab-runner:v17.5.0"}]}}
            """)!;
        pod["metadata"]!["namespace"] = space;
        foreach (var (name, value) in JsonNode.Parse(annotations)!.AsObject())
        {
            pod["metadata"]!["annotations"]!["gitlab-runner/" + name] = value!.DeepClone();
        }

        var text = "apiVersion: runner-webhook/v1\nkind: Configuration\nprofiles: {default: {register: {docker-image: docker}}}\n" + Policy;
        var configuration = ConfigurationFile.Read(text, "config.yaml", out var mistakes);
        Assert.Empty(mistakes);
        var workload = WorkloadReader.Read(JsonText.ToElement(pod), WorkloadKind.Find("v1", "Pod")!, "", out _)!;
        return new Injector(configuration!, "1").Inject(workload);
    }
}
