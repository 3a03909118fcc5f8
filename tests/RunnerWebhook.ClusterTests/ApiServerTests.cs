using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(Cluster))]

namespace RunnerWebhook.ClusterTests;

/// <summary>What users do with kubectl, against a real API server and the real DaemonSet controller.</summary>
[Collection(WebhookCollection.Name)]
public sealed class ApiServerTests(Webhook webhook)
{
    private const string DaemonSet = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: gitlab-runner, labels: {gitlab-runner: inject}}
        spec:
          selector: {matchLabels: {name: gitlab-runner}}
          template:
            metadata: {labels: {name: gitlab-runner}}
            spec:
              containers:
                - {name: gitlab-runner, image: gitlab/gitlab-runner:latest}
        """;

    private const string LabelLine = ", labels: {gitlab-runner: inject}";

    private const string Pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: runner, labels: {gitlab-runner: inject}}
        spec:
          containers:
            - {name: gitlab-runner, image: gitlab/gitlab-runner:latest}
        """;

    private readonly Cluster _cluster = webhook.Cluster;

    private Kubectl Kubectl => _cluster.Kubectl;

    [Fact]
    public async Task Server_Version_IsInTheReadmesTable()
    {
        _cluster.Require();
        var version = JsonNode.Parse((await Kubectl.Run("get", "--raw", "/version")).Ensure().Output)!;
        var release = ((string)version["gitVersion"]!).TrimStart('v');
        Figures.Add("the API server of the cluster tests: Kubernetes {0}", release);

        var readme = await File.ReadAllLinesAsync(
            Path.Combine(Webhook.Repository, "README.md"), TestContext.Current.CancellationToken);
        var tested = readme.Where(line => line.StartsWith("| ", StringComparison.Ordinal)
            && line.Contains(" real API server", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(tested);
        Assert.SkipUnless(tested.Any(line => line.StartsWith($"| {release} ", StringComparison.Ordinal)),
            $"Kubernetes {release} is not among the tested releases in README.md: add it if every other test passes");
    }

    [Fact]
    public async Task Apply_MinimalDaemonSet_StoresInjectedTemplateAndWarns()
    {
        var space = await NewNamespace();

        var apply = await Apply(space, DaemonSet);

        Assert.Contains("Warning: runner-webhook: DaemonSet " + space + "/gitlab-runner: injected init container init-runner, "
            + "volumes runner-config and docker-socket, 2 mounts", apply.Error);
        AssertInjected(await Stored(space));
        Assert.Single(await Events(space, "injected DaemonSet"));
    }

    [Fact]
    public async Task Apply_Again_SaysUnchangedAndWarnsNot()
    {
        var space = await NewNamespace();
        await Apply(space, DaemonSet);
        var generation = Generation(await Stored(space));

        var again = await Apply(space, DaemonSet);

        Assert.Contains("daemonset.apps/gitlab-runner unchanged", again.Output);
        Assert.DoesNotContain("Warning", again.Error);
        Assert.Equal(generation, Generation(await Stored(space)));
    }

    [Fact]
    public async Task Annotate_Metadata_LeavesGenerationAlone()
    {
        var space = await NewNamespace();
        await Apply(space, DaemonSet);
        var generation = Generation(await Stored(space));

        (await Kubectl.Run("annotate", "daemonset", "gitlab-runner", "note=x", "-n", space)).Ensure();

        Assert.Equal(generation, Generation(await Stored(space)));
        Assert.NotEmpty(await Events(space, "already-injected DaemonSet"));
    }

    [Fact]
    public async Task Controller_Pods_AreAcceptedWithoutAFurtherPatch()
    {
        var space = await NewNamespace();
        var labelledToo = DaemonSet.Replace("labels: {name: gitlab-runner}}\n", "labels: {name: gitlab-runner, gitlab-runner: inject}}\n", StringComparison.Ordinal);
        await Apply(space, labelledToo);

        var pod = await OnlyPod(space);

        AssertInjected(pod["spec"]!, pod["metadata"]!);
        Assert.Single(pod["spec"]!["initContainers"]!.AsArray());
        Assert.NotEmpty(await Events(space, "already-injected Pod"));
        Assert.Empty(await Events(space, "injected Pod", "already"));
    }

    [Fact]
    public async Task Create_BarePod_IsInjected()
    {
        var space = await NewNamespace();

        var apply = await Apply(space, Pod);

        Assert.Contains("Warning: runner-webhook: Pod " + space + "/runner: injected init container init-runner", apply.Error);
        var pod = await Kubectl.Get(space, "pod", "runner");
        AssertInjected(pod["spec"]!, pod["metadata"]!);
    }

    [Fact]
    public async Task Create_GenerateName_IsNamedByItsPrefix()
    {
        var space = await NewNamespace();

        var create = (await Kubectl.RunWithInput(Pod.Replace("name: runner,", "generateName: runner-,", StringComparison.Ordinal), "create", "-n", space, "-f", "-")).Ensure();

        Assert.Contains($"Pod {space}/runner-*: injected", create.Error);
        AssertInjected((await OnlyPod(space))["spec"]!, (await OnlyPod(space))["metadata"]!);
    }

    [Fact]
    public async Task Apply_DryRunServer_ShowsTheInjectedAndStoresNothing()
    {
        var space = await NewNamespace();

        var dry = (await Kubectl.RunWithInput(DaemonSet, "apply", "-n", space, "--dry-run=server", "-o", "json", "-f", "-")).Ensure();

        AssertInjected(JsonNode.Parse(dry.Output)!);
        Assert.Empty(await Kubectl.List(space, "daemonset"));
    }

    [Fact]
    public async Task ApplyServerSide_TwiceByTwoManagers_KeepsOneInjection()
    {
        var space = await NewNamespace();
        (await Kubectl.RunWithInput(DaemonSet, "apply", "-n", space, "--server-side", "--field-manager=one", "-f", "-")).Ensure();
        var first = await Stored(space);

        (await Kubectl.RunWithInput(DaemonSet, "apply", "-n", space, "--server-side", "--field-manager=two", "-f", "-")).Ensure();
        (await Kubectl.RunWithInput(DaemonSet, "apply", "-n", space, "--server-side", "--field-manager=one", "-f", "-")).Ensure();

        var last = await Stored(space);
        AssertInjected(last);
        Assert.Equal(first["spec"]!.ToJsonString(), last["spec"]!.ToJsonString());
        Assert.Equal(Generation(first), Generation(last));
    }

    [Fact]
    public async Task Replace_ByTheBareManifest_ChangesNothing()
    {
        var space = await NewNamespace();
        await Apply(space, DaemonSet);
        var first = await Stored(space);

        var replace = (await Kubectl.RunWithInput(DaemonSet, "replace", "-n", space, "-f", "-")).Ensure();

        Assert.Contains("put back init container init-runner", replace.Error);
        var last = await Stored(space);
        Assert.Equal(first["spec"]!.ToJsonString(), last["spec"]!.ToJsonString());
        Assert.Equal(Generation(first), Generation(last));
    }

    [Fact]
    public async Task RolloutRestart_WithUnchangedSettings_RollsOnceAndKeepsOneInjection()
    {
        var space = await NewNamespace();
        await Apply(space, DaemonSet);
        var generation = Generation(await Stored(space));

        (await Kubectl.Run("rollout", "restart", "daemonset/gitlab-runner", "-n", space)).Ensure();

        var stored = await Stored(space);
        AssertInjected(stored);
        Assert.Equal(generation + 1, Generation(stored));
        Assert.Single(stored["spec"]!["template"]!["spec"]!["initContainers"]!.AsArray());
    }

    [Fact]
    public async Task Label_AddedLater_Injects()
    {
        var space = await NewNamespace();
        await Apply(space, DaemonSet.Replace(LabelLine, "", StringComparison.Ordinal));
        Assert.Null((await Stored(space))["spec"]!["template"]!["spec"]!["initContainers"]);

        (await Kubectl.Run("label", "daemonset", "gitlab-runner", "gitlab-runner=inject", "-n", space)).Ensure();

        AssertInjected(await Stored(space));
    }

    [Fact]
    public async Task Label_Removed_GivesTheUsersPartBack()
    {
        var space = await NewNamespace();
        await Apply(space, DaemonSet.Replace(LabelLine, "", StringComparison.Ordinal));
        var original = await Stored(space);
        (await Kubectl.Run("label", "daemonset", "gitlab-runner", "gitlab-runner=inject", "-n", space)).Ensure();
        AssertInjected(await Stored(space));

        var removal = (await Kubectl.Run("label", "daemonset", "gitlab-runner", "gitlab-runner-", "-n", space)).Ensure();

        Assert.Contains("removed init container init-runner", removal.Error);
        Assert.Equal(original["spec"]!.ToJsonString(), (await Stored(space))["spec"]!.ToJsonString());
    }

    [Fact]
    public async Task Apply_WithoutLabel_NeverReachesTheServer()
    {
        var space = await NewNamespace();

        await Apply(space, Pod.Replace(LabelLine, "", StringComparison.Ordinal));
        await Apply(space, DaemonSet.Replace(LabelLine, "", StringComparison.Ordinal));
        await OnlyPod(space, "gitlab-runner-");

        Assert.Empty(await Events(space, ""));
    }

    [Fact]
    public async Task Apply_Refused_PrintsWhatToDo()
    {
        var space = await NewNamespace();

        var apply = await Kubectl.RunWithInput(Pod.Replace("name: gitlab-runner, image", "name: a, image", StringComparison.Ordinal)
            + "\n    - {name: b, image: b}", "apply", "-n", space, "-f", "-");

        Assert.NotEqual(0, apply.ExitCode);
        Assert.Contains("denied the request: Pod " + space + "/runner: none of the containers (a, b) is named gitlab-runner", apply.Error);
    }

    [Fact]
    public async Task Apply_InjectedOffline_IsLeftAsItIs()
    {
        var space = await NewNamespace();
        var golden = Path.Combine(Webhook.Repository, "tests", "golden", "minimal-daemonset", "output.yaml");

        var apply = (await Kubectl.Run("apply", "-n", space, "-f", golden)).Ensure();

        Assert.DoesNotContain("Warning", apply.Error);
        Assert.NotEmpty(await Events(space, "already-injected DaemonSet"));
    }

    private async Task<string> NewNamespace()
    {
        _cluster.Require();
        return await _cluster.CreateNamespace();
    }

    private async Task<CommandResult> Apply(string space, string manifest) =>
        (await Kubectl.RunWithInput(manifest, "apply", "-n", space, "-f", "-")).Ensure();

    private Task<JsonNode> Stored(string space) => Kubectl.Get(space, "daemonset", "gitlab-runner");

    private async Task<JsonNode> OnlyPod(string space, string prefix = "")
    {
        JsonNode? found = null;
        await Cluster.Until("pod", async () =>
        {
            found = (await Kubectl.List(space, "pod")).FirstOrDefault(pod =>
                ((string)pod!["metadata"]!["name"]!).StartsWith(prefix, StringComparison.Ordinal));
            return found is not null;
        });
        return found!;
    }

    private Task<string[]> Events(string space, string text, string without = "\0") => Task.FromResult(
        webhook.LogLinesWith(" " + space + "/").Where(line => line.Contains(text, StringComparison.Ordinal)
            && !line.Contains(without, StringComparison.Ordinal)).ToArray());

    private static long Generation(JsonNode stored) => (long)stored["metadata"]!["generation"]!;

    private static void AssertInjected(JsonNode daemonSet) =>
        AssertInjected(daemonSet["spec"]!["template"]!["spec"]!, daemonSet["spec"]!["template"]!["metadata"]!);

    private static void AssertInjected(JsonNode spec, JsonNode metadata)
    {
        Assert.Equal("init-runner", (string)spec["initContainers"]![0]!["name"]!);
        Assert.Equal(3600, (int)spec["terminationGracePeriodSeconds"]!);
        var mounts = spec["containers"]![0]!["volumeMounts"]!.AsArray().Select(mount => (string)mount!["mountPath"]!);
        // The API server adds the service account's mount to a Pod.
        Assert.Equal(["/etc/gitlab-runner", "/var/run/docker.sock"], mounts.Where(path => !path.Contains("serviceaccount", StringComparison.Ordinal)));
        Assert.Contains("\"profile\":\"default\"", (string)metadata["annotations"]!["gitlab-runner/status"]!);
    }
}
