using System.Text.Json.Nodes;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Tests.Golden;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>Warnings from experience: where they come, and where they would be noise. Golden cases have their words.</summary>
public sealed class RunnerWarningsTests
{
    [Theory]
    [InlineData("gitlab/gitlab-runner", "gitlab-runner", "", null, null)]
    [InlineData("gitlab/gitlab-runner:latest", "gitlab-runner", "latest", null, null)]
    [InlineData("localhost:5000/gitlab-runner:alpine-v17.5.0", "gitlab-runner", "alpine-v17.5.0", 17, 5)]
    [InlineData("gitlab-runner:alpine3.19-v16.1.2", "gitlab-runner", "alpine3.19-v16.1.2", 16, 1)]
    [InlineData("gitlab-runner:v18", "gitlab-runner", "v18", 18, null)]
    [InlineData("gitlab-runner:18.4", "gitlab-runner", "18.4", 18, 4)]
    [InlineData("docker:27.5.1-dind@sha256:abc", "docker", "27.5.1-dind", 27, 5)]
    [InlineData("docker:dind", "docker", "dind", null, null)]
    [InlineData("gitlab-runner:ubuntu-bleeding", "gitlab-runner", "ubuntu-bleeding", null, null)]
    [InlineData("gitlab-runner:v99999999999", "gitlab-runner", "v99999999999", null, null)]
    [InlineData("", "", "", null, null)]
    public void Image_Reference_TellsNameAndRelease(string image, string name, string tag, int? major, int? minor)
    {
        var reference = ImageReference.Parse(image);

        Assert.Equal((name, tag), (reference.Name, reference.Tag));
        Assert.Equal((major, minor), (reference.Release?.Major, reference.Release?.Minor));
    }

    [Theory]
    [InlineData("gitlab-runner run", true)]
    [InlineData("set -e\n/usr/bin/gitlab-runner --debug run &\nwait", true)]
    [InlineData("exec gitlab-runner run", false)]
    [InlineData("cp a b && exec dumb-init gitlab-runner run", false)]
    [InlineData("gitlab-runner verify; exec gitlab-runner run", false)]
    [InlineData("trap 'kill -QUIT $child' QUIT; gitlab-runner run & child=$!; wait", false)]
    [InlineData("gitlab-runner verify", false)]
    [InlineData("echo run", false)]
    public void Shell_Script_SwallowsSignalsWithoutExec(string script, bool swallows) =>
        Assert.Equal(swallows, ShellCommand.SwallowsSignals(script));

    [Theory]
    [InlineData("x", "sh", "-c", "x")]
    [InlineData("x", "/bin/bash", "-euxc", "x", "name")]
    [InlineData("x", "/busybox/ash", "-e", "-c", "x")]
    [InlineData(null, "sh", "script.sh")]
    [InlineData(null, "sh", "-c")]
    [InlineData(null, "/usr/bin/dumb-init", "sh", "-c", "x")]
    [InlineData(null)]
    public void Shell_Command_HasAScript(string? script, params string[] command) =>
        Assert.Equal(script, ShellCommand.ScriptOf([.. command]));

    [Theory]
    [InlineData("""{"containers":[{"name":"second","image":"gitlab/gitlab-runner:v17.5.0"}]}""", "container second runs gitlab-runner too")]
    [InlineData("""{"containers":[{"name":"second","image":"busybox:1","args":["sh","-c","exec gitlab-runner run"]}]}""", "container second runs")]
    [InlineData("""{"containers":[{"name":"second","image":"gitlab/gitlab-runner-helper:v17.5.0","args":["sleep"]}]}""", null)]
    [InlineData("""{"initContainers":[{"name":"istio-validation","image":"proxyv2:1"}]}""", "init container istio-validation says")]
    [InlineData("""{"initContainers":[{"name":"linkerd-network-validator","image":"p:1"},{"name":"linkerd-proxy","image":"p:1"}]}""", null)]
    public void Neighbour_InThePod_IsWarnedAboutIfItHurts(string containers, string? warning)
    {
        var scenario = new InjectorScenario();
        var pod = SampleObjects.Pod();
        foreach (var (list, added) in JsonNode.Parse(containers)!.AsObject())
        {
            var own = pod["spec"]![list]?.AsArray() ?? [];
            pod["spec"]![list] = new JsonArray([.. own.Concat(added!.AsArray()).Select(container => container!.DeepClone())]);
        }

        scenario.Create(pod);

        var advice = string.Join('\n', scenario.Last.Advice);
        Assert.Equal(warning is not null, advice.Contains(warning ?? "second", StringComparison.Ordinal)
            || advice.Contains("mesh", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"name":"minio","image":"minio/minio:1"}""", "container minio is taken for the runner")]
    [InlineData("""{"name":"ci","image":"example.com/ci:1","command":["gitlab-runner"],"args":["run"]}""", null)]
    [InlineData("""{"name":"ci","image":"example.com/our-runner:1"}""", null)]
    [InlineData("""{"name":"gitlab-runner","image":"example.com/ci:1"}""", null)]
    [InlineData("""{"name":"gitlab-runner","image":"r:1","env":[{"name":"RUNNER_TAG_LIST","value":"a"},{"name":"REGISTRATION_TOKEN"}]}""",
        "container gitlab-runner sets RUNNER_TAG_LIST, REGISTRATION_TOKEN, which only register reads")]
    [InlineData("""{"name":"gitlab-runner","image":"r:1","env":[{"name":"DOCKER_HOST","value":"tcp://d"},{"name":"RUNNER_X"}]}""", null)]
    public void RunnerContainer_ThatMayBeMeantOtherwise_IsWarnedAbout(string container, string? warning)
    {
        var scenario = new InjectorScenario();
        var pod = SampleObjects.Pod();
        pod["spec"]!["containers"] = new JsonArray(JsonNode.Parse(container));

        scenario.Create(pod);

        var advice = string.Join('\n', scenario.Last.Advice);
        Assert.Equal(warning is not null, advice.Contains("is taken for", StringComparison.Ordinal)
            || advice.Contains("which only register reads", StringComparison.Ordinal));
        Assert.Contains(warning ?? "", advice);
    }

    [Fact]
    public void RunnerContainer_AsNativeSidecar_IsRefused()
    {
        var scenario = new InjectorScenario();
        var pod = SampleObjects.Pod();
        pod["spec"]!["initContainers"] = JsonNode.Parse("""[{"name":"gitlab-runner","image":"r:1","restartPolicy":"Always"}]""");
        pod["spec"]!["containers"]![0]!["name"] = "dind";

        scenario.Create(pod);

        Assert.Equal(OutcomeCode.DeniedUnknownContainer, scenario.Last.Code);
        Assert.Contains("move it to spec.containers", scenario.Last.Sentence);
    }

    [Theory]
    [InlineData("false", true)]
    [InlineData("true", false)]
    public void TokenRotation_SwitchedOn_IsWarnedAbout(string disabled, bool warns)
    {
        var scenario = new InjectorScenario();
        var pod = SampleObjects.Pod();
        pod["metadata"]!["annotations"] = new JsonObject
        {
            ["gitlab-runner/feature-flags"] = $"FF_DISABLE_AUTOMATIC_TOKEN_ROTATION:{disabled}",
        };

        scenario.Create(pod);

        Assert.Equal(warns, scenario.Last.Advice.Any(advice => advice.Contains("a token that expires", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{kind: none}")]
    [InlineData("{kind: dind, dind: {sidecar: native}}")]
    public void DockerHost_EngineDoesNotNeedTheSocket_IsNoMatter(string engine)
    {
        var scenario = new InjectorScenario($"    engine: {engine}\n");
        var pod = SampleObjects.Pod();
        pod["spec"]!["containers"]![0]!["env"] = new System.Text.Json.Nodes.JsonArray(
            new System.Text.Json.Nodes.JsonObject { ["name"] = "DOCKER_HOST", ["value"] = "tcp://elsewhere:2375" });

        scenario.Create(pod);

        Assert.DoesNotContain(scenario.Last.Advice, advice => advice.Contains("DOCKER_HOST", StringComparison.Ordinal));
    }

    [Fact]
    public void Advice_OfEveryGoldenCase_FitsIntoAWarning()
    {
        var notes = Directory.GetFiles(GoldenCase.Folder, "report.txt", SearchOption.AllDirectories).SelectMany(File.ReadAllLines)
            .Select(line => line.Split(": note: ")).Where(parts => parts.Length > 1).Select(parts => parts[1]).ToArray();

        Assert.NotEmpty(notes);
        Assert.All(notes, note => Assert.InRange(note.Length, 1, AdmissionResponseWriter.MaxWarningLength - "runner-webhook: ".Length));
    }
}
