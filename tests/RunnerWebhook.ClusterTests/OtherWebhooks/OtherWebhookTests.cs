using System.Globalization;
using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.ClusterTests.Manifests;
using Xunit;

namespace RunnerWebhook.ClusterTests.OtherWebhooks;

/// <summary>A runner in a cluster in which another mutating webhook rewrites every pod, called before ours, after it, or
/// before and after it, with reinvocation: ten rounds of updates, as people and tools make them.</summary>
[Collection(WebhookCollection.Name)]
public sealed class OtherWebhookTests(Webhook webhook)
{
    private const string Label = "rewritten";

    private Cluster Control => webhook.Cluster;

    private Kubectl Kubectl => webhook.Cluster.Kubectl;

    public static TheoryData<string, string[]> Orders => new()
    {
        { "before", ["another-webhook"] },
        { "after", ["subsequent-webhook"] },
        { "both", ["another-webhook", "subsequent-webhook"] },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task DaemonSet_TenRoundsOfUpdates_StaysCurrentAndDoesNotGrow(string order, string[] names)
    {
        Control.Require();
        var others = new List<OtherWebhook>();
        try
        {
            foreach (var name in names)
            {
                others.Add(await OtherWebhook.Start(Control, name, Label));
            }

            var space = await RewrittenNamespace(order);
            await TenRounds(space);
            await TakenOut(space);
            Assert.All(others, other => Assert.True(other.Calls > 10, $"{other.Calls} calls"));
        }
        finally
        {
            await webhook.Configure("");
            foreach (var other in others)
            {
                await other.DisposeAsync();
            }
        }
    }

    private async Task TenRounds(string space)
    {
        (await Apply(space, Manifest(0))).Ensure();
        var size = Size(await Spec(space));
        for (var round = 1; round <= 10; round++)
        {
            var generation = await Generation(space);

            await Update(space, round);

            var spec = await Spec(space);
            AssertWhole(spec);
            Assert.Equal(size, Size(spec));
            AssertImages(spec, round);
            AssertSettings(spec, round);
            Assert.InRange(await Generation(space) - generation, 1, 2);
            await AssertMetadataEditRollsNothing(space);
        }

        await AssertPodsMatch(space, size);
    }

    // A release of the runner and a setting that differ in every round, set the way people and tools set them.
    private async Task Update(string space, int round)
    {
        await webhook.Configure(Tag(round));
        var image = Image(round);
        CommandResult update = (round % 4) switch
        {
            0 => await Apply(space, Manifest(round)),
            1 => await Kubectl.Run("set", "image", "daemonset/runner", "gitlab-runner=" + image, "-n", space),
            2 => await Kubectl.Run("patch", "daemonset", "runner", "-n", space, "--type=json", "--patch", $$"""
                [{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"{{image}}"}]
                """),
            _ => await Kubectl.RunWithInput(Manifest(round), "apply", "-n", space, "--server-side", "--force-conflicts", "-f", "-"),
        };
        update.Ensure();
        if (round % 3 == 0)
        {
            (await Kubectl.Run("rollout", "restart", "daemonset/runner", "-n", space)).Ensure();
        }
    }

    private async Task AssertMetadataEditRollsNothing(string space)
    {
        var generation = await Generation(space);
        (await Kubectl.Run("annotate", "daemonset", "runner", "note=" + Guid.NewGuid(), "--overwrite", "-n", space)).Ensure();
        Assert.Equal(generation, await Generation(space));
    }

    // Pods of the template, which both webhooks see once more, are the template's.
    private async Task AssertPodsMatch(string space, string size)
    {
        await Cluster.Until("pod", async () => (await Kubectl.List(space, "pod")).Count > 0);
        foreach (var pod in await Kubectl.List(space, "pod"))
        {
            AssertWhole(pod!["spec"]!.AsObject());
            Assert.StartsWith(size[..size.IndexOf(" volumes", StringComparison.Ordinal)], Size(pod["spec"]!.AsObject()));
        }
    }

    // Without the label every piece of ours goes. What the others have added stays, and needs nothing that is gone.
    private async Task TakenOut(string space)
    {
        (await Kubectl.Run("label", "daemonset", "runner", "gitlab-runner-", "-n", space)).Ensure();

        var spec = await Spec(space);
        AssertWhole(spec);
        Assert.Empty(spec["initContainers"]?.AsArray() ?? []);
        Assert.Equal("containers gitlab-runner, mesh-proxy variables 0 volumes mesh mounts mesh", Size(spec));
        Assert.DoesNotContain("/etc/gitlab-runner", spec.ToJsonString());

        (await Kubectl.Run("label", "daemonset", "runner", "gitlab-runner=inject", "-n", space)).Ensure();
        AssertWhole(await Spec(space));
        Assert.Equal("init-runner", (string)(await Spec(space))["initContainers"]![0]!["name"]!);
    }

    private static void AssertWhole(JsonObject spec)
    {
        var containers = PodRewriter.Containers(spec).ToArray();
        var volumes = (spec["volumes"]?.AsArray() ?? []).Select(volume => (string)volume!["name"]!).ToArray();
        Assert.Equal(containers.Length, containers.Select(one => (string)one["name"]!).Distinct().Count());
        Assert.Equal(volumes.Length, volumes.Distinct().Count());
        Assert.All(containers, container =>
        {
            var mounts = container["volumeMounts"]?.AsArray() ?? [];
            Assert.All(mounts, mount => Assert.Contains((string)mount!["name"]!, volumes));
            Assert.Equal(mounts.Count, mounts.Select(mount => (string)mount!["mountPath"]!).Distinct().Count());
        });
    }

    // The runner's release reaches the init container too, through whatever the others have made of the images.
    private static void AssertImages(JsonObject spec, int round) => Assert.All(
        PodRewriter.Containers(spec).Where(one => (string)one["name"]! is "init-runner" or "gitlab-runner"),
        container => Assert.Equal(PodRewriter.Mirror + Image(round), (string)container["image"]!));

    private static void AssertSettings(JsonObject spec, int round) => Assert.Contains(
        string.Create(CultureInfo.InvariantCulture, $"--tag-list=round-{round}"), spec["initContainers"]!.ToJsonString());

    // What could grow: the names of containers, volumes and mounts, and the number of variables.
    private static string Size(JsonObject spec)
    {
        var containers = PodRewriter.Containers(spec).ToArray();
        var mounts = containers.SelectMany(one => one["volumeMounts"]?.AsArray() ?? []).Select(mount => (string)mount!["name"]!);
        var volumes = (spec["volumes"]?.AsArray() ?? []).Select(volume => (string)volume!["name"]!);
        var variables = containers.Sum(one => one["env"]?.AsArray().Count ?? 0);
        return $"containers {Names(containers.Select(one => (string)one["name"]!))} variables {variables} "
            + $"volumes {Names(volumes)} mounts {Names(mounts)}";
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));

    private async Task<JsonObject> Spec(string space) =>
        (await Kubectl.Get(space, "daemonset", "runner"))["spec"]!["template"]!["spec"]!.AsObject();

    private async Task<long> Generation(string space) =>
        (long)(await Kubectl.Get(space, "daemonset", "runner"))["metadata"]!["generation"]!;

    private Task<CommandResult> Apply(string space, string manifest) =>
        Kubectl.RunWithInput(manifest, "apply", "-n", space, "-f", "-");

    private async Task<string> RewrittenNamespace(string order)
    {
        var space = await Control.CreateNamespace("mutators-" + order);
        (await Kubectl.Run("label", "namespace", space, Label + "=")).Ensure();
        await webhook.Configure(Tag(0));
        return space;
    }

    private static string Image(int round) => string.Create(CultureInfo.InvariantCulture, $"gitlab/gitlab-runner:v17.{round}.0");

    private static string Manifest(int round) =>
        RunnerWorkloads.DaemonSet.Replace("gitlab/gitlab-runner:v17.5.0", Image(round), StringComparison.Ordinal);

    private static string Tag(int round) => string.Create(CultureInfo.InvariantCulture, $$"""
        policy:
          - namespaces: ["*"]
            register: {tag-list: [round-{{round}}]}
        """);
}
