using System.Text.Json.Nodes;
using Xunit;

namespace RunnerWebhook.Tests.Check;

/// <summary><c>check</c> against an API server, broken in every way that is promised.</summary>
public sealed class BrokenClusterTests
{
    public static TheoryData<string> Names => [.. BrokenCluster.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Check_OfABrokenCluster_NamesTheCauseFirstAndItsHintCures(string name)
    {
        var broken = BrokenCluster.All[name];
        await using var cluster = await HealthyCluster.Start();
        broken.Break(cluster);

        var before = await Lines(cluster);
        broken.Cure(cluster);
        var after = await Lines(cluster);

        var first = before.First(line => line.State != "passed");
        Assert.Equal(broken.Check, first.Check);
        Assert.StartsWith(broken.Cause, first.Sentence);
        Assert.Contains(broken.Hint, first.Hint);
        Assert.All(before, line => Assert.DoesNotContain("s3cr3t", line.Sentence + line.Hint));
        Assert.DoesNotContain(after, line => line.State != "passed");
    }

    [Fact]
    public async Task Check_OfAHealthyCluster_HasNothingToSay()
    {
        await using var cluster = await HealthyCluster.Start();

        var run = await cluster.Run("check");

        Assert.Equal("", run.Error);
        Assert.DoesNotContain("✗", run.Output);
        Assert.DoesNotContain("\n!", run.Output);
        Assert.DoesNotContain("\n?", run.Output);
        Assert.Contains("✓ nodes          5 nodes: 5 with docker\n", run.Output);
        Assert.Contains("✓ running        all pods of 1 labelled workloads run (1)\n", run.Output);
        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData("runner-webhook-2", false)]
    [InlineData("runner-webhook-3", true)]
    public async Task Replica_NotReadyWhileTheDeploymentCountsEnough_IsAStuckRolloutIfThereIsOneMore(string replica, bool isStuck)
    {
        await using var cluster = await HealthyCluster.Start();
        HealthyCluster.Replica(cluster, replica, """
            {"phase":"Running","conditions":[{"type":"Ready","status":"False"}],
             "containerStatuses":[{"name":"runner-webhook","ready":false,"restartCount":0,"state":{"running":{}}}]}
            """);

        var line = (await Lines(cluster)).Single(line => line.Check == "deployment");

        Assert.Equal("warning", line.State);
        Assert.Equal(isStuck, line.Sentence.Contains("the rollout is stuck", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/nodes", "nodes", "list nodes")]
    [InlineData("/pods", "running", "list pods in namespace team-a")]
    [InlineData("/validatingadmissionpolicies", "guard", "list validatingadmissionpolicies")]
    [InlineData("/deployments/", "deployment", "get deployments/runner-webhook in namespace runner-webhook")]
    [InlineData("/mutatingwebhookconfigurations/", "registration", "get mutatingwebhookconfigurations/runner-webhook")]
    [InlineData("/secrets/gitlab-runner-token", "tokens", "get secrets/gitlab-runner-token in namespace team-a")]
    [InlineData("/configmaps/", "configuration", "get configmaps/runner-webhook in namespace runner-webhook")]
    [InlineData("/proxy", "configuration", "get pods/proxy in namespace runner-webhook")]
    [InlineData("/namespaces/team-a", "podSecurity", "get namespaces/team-a")]
    public async Task Right_ThatIsMissing_IsALineAndNoFailure(string path, string check, string right)
    {
        await using var cluster = await HealthyCluster.Start();
        cluster.Forbidden.Add(path);

        var lines = await Lines(cluster, "check", "-o", "json");

        Assert.Contains(lines, line => line.Check == check && line.State == "unknown" && line.Sentence.Contains($"the right to {right}", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.State == "failed");
    }

    [Theory]
    [InlineData("/events")]
    [InlineData("/log")]
    [InlineData("/proxy")]
    [InlineData("/endpointslices")]
    public async Task Right_ThatOnlyDeepensADiagnosis_IsNotNeeded(string path)
    {
        await using var cluster = await HealthyCluster.Start();
        HealthyCluster.Crash(cluster, "init-runner: registration failed: GitLab refuses the token (403)\n");
        cluster.Forbidden.Add(path);

        var lines = await Lines(cluster);

        Assert.Contains(lines, line => line.Check == "running" && line.State == "failed");
    }

    [Fact]
    public async Task Daemonset_OfHostSocketBeforeItIsApplied_IsWarnedOfOnNodesWithoutDocker()
    {
        await using var cluster = await HealthyCluster.Start();
        cluster.Delete(HealthyCluster.DaemonSet);
        cluster.Delete(HealthyCluster.Pod);
        foreach (var name in (string[])["n1", "n2", "n3", "n4", "n5"])
        {
            cluster.Put($"api/v1/nodes/{name}", Snapshots.Node(name, "containerd://2.1.9").GetRawText());
        }

        var lines = await Lines(cluster);

        Assert.Contains(lines, line => line.Check == "nodes" && line.State == "warning"
            && line.Sentence.StartsWith("5 of 5 nodes run containerd, and profile default takes the Docker socket /var/run/docker.sock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_OfHundredsOfFailingPods_NamesEach()
    {
        await using var cluster = await HealthyCluster.Start();
        for (var i = 0; i < 500; i++)
        {
            var pod = Snapshots.Injected(Serve.SampleObjects.Pod(), Snapshots.Configuration.For(new(1, 34)).Injector);
            pod["metadata"]!["name"] = $"pod-{i}";
            pod["status"] = JsonNode.Parse(
                """{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/5 nodes are available: 5 Insufficient cpu."}]}""");
            cluster.Put($"api/v1/namespaces/team-a/pods/pod-{i}", pod);
            HealthyCluster.Event(cluster, "FailedScheduling", "0/5 nodes are available: 5 Insufficient cpu.", $"pod-{i}");
        }

        var lines = await Lines(cluster);

        Assert.Equal(500, lines.Count(line => line.Check == "running" && line.Sentence.StartsWith("no node has enough free cpu", StringComparison.Ordinal)));
    }

    private static Task<(string Check, string State, string Sentence, string Hint)[]> Lines(FakeCluster cluster) =>
        Lines(cluster, "check", "-A", "-o", "json");

    private static async Task<(string Check, string State, string Sentence, string Hint)[]> Lines(FakeCluster cluster, params string[] arguments)
    {
        var run = await cluster.Run(arguments);
        Assert.Equal("", run.Error);
        var lines = JsonNode.Parse(run.Output)!["checks"]!.AsArray()
            .Select(line => ((string)line!["check"]!, (string)line["state"]!, (string)line["sentence"]!, (string)line["hint"]!)).ToArray();
        Assert.Equal(lines.Any(line => line.Item2 == "failed") ? 1 : 0, run.ExitCode);
        return lines;
    }
}
