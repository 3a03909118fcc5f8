using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.FakeGitLab;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>What teams write, on a real node: injected, registered, used and taken away.</summary>
[Collection(NodeCollection.Name)]
public sealed class RunnerTests(RunnerNode node) : IClassFixture<RunnerNode>
{
    // The readme's manifest, with an image that is there.
    private const string Minimal = $$$"""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: gitlab-runner, labels: {gitlab-runner: inject}}
        spec:
          selector: {matchLabels: {name: gitlab-runner}}
          template:
            metadata: {labels: {name: gitlab-runner}}
            spec:
              containers:
                - {name: gitlab-runner, image: "{{{NodeImages.Runner}}}"}
        """;

    private GitLabState GitLab => node.GitLab.State;

    [Fact]
    public async Task DaemonSet_ByRegistrationToken_LivesWithOneRunnerAtATime()
    {
        node.Node.Require();
        var token = GitLab.RegistrationToken;
        var space = await node.Prepare(token);

        await node.Apply(space, Minimal);

        var pod = await node.RunningPod(space);
        var runner = await node.PollingRunner(space);
        var identity = Assert.Single(Managers(runner)).SystemId;
        await Build(space, NameOf(pod));
        var said = await Said(space, pod);

        // What a reboot of the node does: the sandbox goes, the volume stays, init containers run again.
        await KillSandbox(space, pod);
        await Restarted(space, pod);
        Assert.Equal(runner, await node.PollingRunner(space));
        Assert.Single(await Entries(space, NameOf(pod)));
        said += await Said(space, pod);

        (await node.Kubectl.Run("rollout", "restart", "daemonset/gitlab-runner", "-n", space)).Ensure();
        var next = await node.RunningPod(space, after: NameOf(pod));
        var nextRunner = await node.PollingRunner(space);
        Assert.NotEqual(runner.Id, nextRunner.Id);
        Assert.Equal(identity, Assert.Single(Managers(nextRunner)).SystemId);
        Assert.Single(await Entries(space, NameOf(next)));
        said += await Said(space, next) + await Manifests(space);

        await DeleteDaemonSet(space);
        Assert.Empty(node.RunnersOf(space));
        Assert.DoesNotContain(token, said);
        Assert.Contains("init-runner: registered", said);
        Assert.Empty(node.Webhook.LogLinesWith(token));
    }

    [Fact]
    public async Task DaemonSet_ByAuthenticationToken_LeavesTheRunnerToOthers()
    {
        node.Node.Require();
        var runner = GitLab.CreateRunner();
        var space = await node.Prepare(runner.Token, "    token: {mode: authentication}\n");

        await node.Apply(space, Minimal);

        var pod = await node.RunningPod(space);
        await Polls(space, runner);
        var manager = Assert.Single(Managers(runner));
        await KillSandbox(space, pod);
        await Restarted(space, pod);
        await Polls(space, runner);
        Assert.Equal(manager.Id, Assert.Single(Managers(runner)).Id);
        Assert.Single(await Entries(space, NameOf(pod)));
        var said = await Said(space, pod) + await Manifests(space);

        await DeleteDaemonSet(space);
        Assert.Empty(Managers(runner));
        Assert.Contains(runner, GitLab.Runners);
        Assert.DoesNotContain(runner.Token, said);
    }

    [Fact]
    public async Task Pod_UnderAnyUser_RegistersOnceGitLabIsBack()
    {
        node.Node.Require();
        var space = await node.Prepare(GitLab.RegistrationToken, "    engine: {kind: none}\n    global: {concurrent: 3}\n");
        await node.GitLab.GoDown();
        try
        {
            await node.Apply(space, $$$"""
                apiVersion: v1
                kind: Pod
                metadata: {name: gitlab-runner, labels: {gitlab-runner: inject}}
                spec:
                  securityContext: {runAsUser: 1234567, runAsGroup: 0, runAsNonRoot: true}
                  containers:
                    - name: gitlab-runner
                      image: "{{{NodeImages.Runner}}}"
                      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """);
            await node.Node.Until(space, "a try that fails", async () => (await Log(space, "gitlab-runner", "init-runner"))
                .Contains("init-runner: registration failed: ", StringComparison.Ordinal));
        }
        finally
        {
            await node.GitLab.ComeBack();
        }

        var pod = await node.RunningPod(space);
        var runner = await node.PollingRunner(space);
        Assert.Contains("concurrent = 3", await Config(space, NameOf(pod)), StringComparison.Ordinal);
        Assert.Equal("1234567", (await node.Exec(space, NameOf(pod), "id", "-u")).Output.Trim());
        Assert.Equal([runner], node.RunnersOf(space));

        (await node.Kubectl.Run("delete", "pod", "gitlab-runner", "-n", space)).Ensure();
        Assert.Empty(node.RunnersOf(space));
    }

    [Fact]
    public async Task Pod_WithAnEngineOfItsOwn_BuildsWithIt()
    {
        node.Node.Require();
        await NodeImages.ImportDind(node.Node.Docker);
        var space = await node.Prepare(GitLab.RegistrationToken, $$"""
                engine:
                  kind: dind
                  dind:
                    sidecar: container
                    image: {{NodeImages.Dind}}
                    # What the node's own engine has no need of either.
                    args: [--bridge=none, --iptables=false, --oom-score-adjust=0, --storage-driver=vfs]
            """);
        await node.Apply(space, $$$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: gitlab-runner, labels: {gitlab-runner: inject}}
            spec: {containers: [{name: gitlab-runner, image: "{{{NodeImages.Runner}}}"}]}
            """);

        await node.RunningPod(space);
        await node.PollingRunner(space);
        Assert.Contains("host = \"unix:///run/dind/docker.sock\"", await Config(space, "gitlab-runner"));
        var built = await node.Exec(space, "gitlab-runner", "sh", "-ec", """
            export DOCKER_HOST=unix:///run/dind/docker.sock
            tar -c -C / bin | docker import - busybox:inner
            printf 'FROM busybox:inner\nRUN echo built inside >/where\n' | docker build --network none --tag inside:1 -
            docker run --rm --network none inside:1 cat /where
            """);
        Assert.EndsWith("Successfully tagged inside:1\nbuilt inside\n", built.Output);

        (await node.Kubectl.Run("delete", "pod", "gitlab-runner", "-n", space)).Ensure();
        Assert.Empty(node.RunnersOf(space));
    }

    /// <summary>The first guide to its end: the job of its sample is green, and the image is in the project's registry.</summary>
    [Fact]
    public async Task Job_OfTheGuide_BuildsAndPushesItsImage()
    {
        node.Node.Require();
        await using var registry = await node.StartRegistry();
        var space = await node.Prepare(GitLab.RegistrationToken);
        await node.Apply(space, Minimal.Replace("metadata: {name: gitlab-runner, ",
            "metadata: {name: gitlab-runner, annotations: {gitlab-runner/tag-list: docker}, ", StringComparison.Ordinal));
        var sample = SampleJob();
        string[] checkout = ["mkdir /tmp/project", "cd /tmp/project",
            $"printf 'FROM {NodeImages.Busybox}\\nLABEL of={space}\\n' >Dockerfile"];

        var job = GitLab.Enqueue([.. checkout, .. sample["script"]!.AsArray().Select(line => (string)line!)],
            (string)sample["image"]!, [.. sample["tags"]!.AsArray().Select(tag => (string)tag!)]);
        await node.Node.Until(space, "the job's end", () => Task.FromResult(GitLab.JobOf(job.Id).Status is "success" or "failed"), 120);

        var (done, tag) = (GitLab.JobOf(job.Id), "00000000");
        Assert.True(done.Status == "success", done.Trace);
        Assert.DoesNotContain(job.Token, done.Trace);
        var image = node.InRegistry($"{GitLabState.ProjectOfJobs}:{tag}");
        var id = (await node.Node.Docker.Run("image", "inspect", "--format", "{{.Id}} {{.Config.Labels.of}}", image)).Ensure().Output;
        Assert.Equal($"{registry.Manifest(GitLabState.ProjectOfJobs, tag)?["config"]!["digest"]} {space}\n", id);
        Assert.NotEqual(0, (await node.Node.Docker.Run("pull", image)).ExitCode);

        await DeleteDaemonSet(space);
    }

    private static JsonNode SampleJob()
    {
        var file = Path.Combine(Webhook.Repository, "charts-free-manifests", "samples", "gitlab-ci.yml");
        return JsonText.ToNode(YamlFile.Parse(File.ReadAllText(file), out _)!.Documents[0].Json)!["build"]!;
    }

    // A command is not enough: what runs in the new container has to come over the mounted socket too.
    private async Task Build(string space, string pod)
    {
        var image = $"built-in-{space}:1";
        var build = await node.Exec(space, pod, "sh", "-c", $"""
            printf 'FROM {NodeImages.Busybox}\nRUN echo built in {space} >/where\n' | docker build --network none --tag {image} -
            """);
        Assert.Contains($"Successfully tagged {image}", build.Output);
        var run = (await node.Node.Docker.Run("run", "--rm", "--network", "none", image, "cat", "/where")).Ensure();
        Assert.Equal($"built in {space}\n", run.Output);
    }

    private async Task KillSandbox(string space, JsonNode pod)
    {
        var sandbox = Assert.Single(await node.Node.Docker.ContainersOf(space, NameOf(pod), "POD"));
        (await node.Node.Docker.Run("kill", sandbox)).Ensure();
    }

    // The same pod with another sandbox, in which both containers have run anew.
    private async Task Restarted(string space, JsonNode before)
    {
        await node.Node.Until(space, "the rebuilt pod", async () =>
            (await node.Kubectl.Get(space, "pod", NameOf(before)))["status"] is { } status
            && (int)status["initContainerStatuses"]![0]!["restartCount"]! > 0
            && status["containerStatuses"]![0] is { } runner && (int)runner["restartCount"]! > 0 && (bool)runner["ready"]!, 120);
        Assert.Equal((string?)before["metadata"]!["uid"], (string?)(await node.RunningPod(space))["metadata"]!["uid"]);
    }

    private async Task DeleteDaemonSet(string space)
    {
        (await node.Kubectl.Run("delete", "daemonset", "gitlab-runner", "-n", space)).Ensure();
        await node.Node.Until(space, "the pods' end", async () => (await node.Kubectl.List(space, "pod")).Count == 0);
    }

    private async Task Polls(string space, Runner runner)
    {
        var before = node.PollsOf(runner);
        await node.Node.Until(space, "a runner that asks for jobs", () => Task.FromResult(node.PollsOf(runner) > before));
    }

    private RunnerManager[] Managers(Runner runner) => [.. GitLab.Managers.Where(manager => manager.RunnerId == runner.Id)];

    private async Task<string[]> Entries(string space, string pod) =>
        [.. (await Config(space, pod)).Split('\n').Where(line => line == "[[runners]]")];

    private async Task<string> Config(string space, string pod) =>
        (await node.Exec(space, pod, "cat", "/etc/gitlab-runner/config.toml")).Output;

    private async Task<string> Log(string space, string pod, string container) =>
        (await node.Kubectl.Run("logs", pod, "-n", space, "-c", container)).Output;

    private async Task<string> Said(string space, JsonNode pod) =>
        await Log(space, NameOf(pod), "init-runner") + await Log(space, NameOf(pod), "gitlab-runner");

    // Everything of the namespace that people with a right to read could see, but for the Secret itself.
    private async Task<string> Manifests(string space) => (await node.Kubectl.Run("get",
        "daemonsets,pods,controllerrevisions,configmaps,events", "-n", space, "-o", "yaml", "--show-managed-fields")).Ensure().Output;

    private static string NameOf(JsonNode pod) => (string)pod["metadata"]!["name"]!;
}
