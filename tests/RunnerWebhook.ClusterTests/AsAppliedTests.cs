using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.ClusterTests.Manifests;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary><c>daemonSets: pods</c> and <c>reportSuccess: audit</c> as GitOps tools and pipelines meet them.</summary>
[Collection(WebhookCollection.Name)]
public sealed class AsAppliedTests(Webhook webhook) : IAsyncLifetime
{
    private const string Pods = "daemonSets: pods\n";

    private const string Manifest = RunnerWorkloads.DaemonSet;

    private Cluster Control => webhook.Cluster;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (Control.Kubectl is not null)
        {
            await webhook.Configure("");
        }
    }

    [Theory]
    [InlineData("--server-side")]
    [InlineData("--server-side=false")]
    public async Task Apply_DaemonSet_DiffersNowhereFromItsManifestAndItsPodsAreInjected(string how)
    {
        var space = await Configured(Pods);

        var apply = (await Kubectl(Manifest, "apply", how, "-n", space, "-f", "-")).Ensure();
        Assert.DoesNotContain("Warning", apply.Error);
        var again = (await Kubectl(Manifest, "apply", how, "-n", space, "-f", "-")).Ensure();
        var diff = await Kubectl(Manifest, "diff", how, "-n", space, "-f", "-");

        Assert.Equal((0, ""), (diff.ExitCode, diff.Output));
        Assert.DoesNotContain("Warning", again.Error);
        var template = (await Control.Kubectl.Get(space, "daemonset", "runner"))["spec"]!["template"]!;
        Assert.DoesNotContain("gitlab-runner/status", template.ToJsonString());
        Assert.Null(template["spec"]!["initContainers"]);
        var pod = await RunnerWorkloads.OnlyPod(Control.Kubectl, space);
        Assert.Equal("init-runner", (string)pod["spec"]!["initContainers"]![0]!["name"]!);
    }

    [Fact]
    public async Task Apply_TemplateWithoutLabel_WarnsAndStoresIt()
    {
        var space = await Configured(Pods);

        var manifest = Manifest.Replace("{name: runner, gitlab-runner: inject}", "{name: runner}", StringComparison.Ordinal);
        var apply = (await Kubectl(manifest, "apply", "-n", space, "-f", "-")).Ensure();

        Assert.Contains("Warning: runner-webhook: the pod template lacks the label gitlab-runner: inject", apply.Error);
        Assert.Null((await Control.Kubectl.Get(space, "daemonset", "runner"))["spec"]!["template"]!["spec"]!["initContainers"]);
    }

    [Fact]
    public async Task Switch_InjectedDaemonSet_KeepsItsPodsUntilItsTemplateChanges()
    {
        var space = await Configured("");
        (await Kubectl(Manifest, "apply", "--server-side", "-n", space, "-f", "-")).Ensure();
        var pod = await RunnerWorkloads.OnlyPod(Control.Kubectl, space);
        var injected = await Control.Kubectl.Get(space, "daemonset", "runner");
        Assert.NotNull(injected["spec"]!["template"]!["spec"]!["initContainers"]);

        await webhook.Configure(Pods);
        (await Kubectl(Manifest, "apply", "--server-side", "-n", space, "-f", "-")).Ensure();
        (await Control.Kubectl.Run("annotate", "daemonset", "runner", "note=x", "-n", space)).Ensure();
        var unchanged = await Control.Kubectl.Get(space, "daemonset", "runner");
        Assert.Equal((long)injected["metadata"]!["generation"]!, (long)unchanged["metadata"]!["generation"]!);

        (await Control.Kubectl.Run("rollout", "restart", "daemonset/runner", "-n", space)).Ensure();
        var bare = await Control.Kubectl.Get(space, "daemonset", "runner");
        Assert.Null(bare["spec"]!["template"]!["spec"]!["initContainers"]);
        var next = await RunnerWorkloads.OnlyPod(Control.Kubectl, space, except: (string)pod["metadata"]!["name"]!);
        Assert.Equal("init-runner", (string)next["spec"]!["initContainers"]![0]!["name"]!);
    }

    [Fact]
    public async Task ReportSuccess_Audit_LetsWarningsBeErrors()
    {
        var space = await Configured("");
        Assert.NotEqual(0, (await Kubectl(Manifest, "apply", "--warnings-as-errors", "-n", space, "-f", "-")).ExitCode);
        await webhook.Configure("reportSuccess: audit\n");

        var other = Manifest.Replace("name: runner", "name: other", StringComparison.Ordinal);
        var apply = await Kubectl(other, "apply", "--warnings-as-errors", "-n", space, "-f", "-");

        Assert.True(apply.ExitCode == 0, apply.Error);
        var stored = await Control.Kubectl.Get(space, "daemonset", "other");
        Assert.NotNull(stored["spec"]!["template"]!["spec"]!["initContainers"]);
    }

    private async Task<string> Configured(string keys)
    {
        Control.Require();
        await webhook.Configure(keys);
        return await Control.CreateNamespace("applied");
    }

    private Task<CommandResult> Kubectl(string input, params string[] arguments) =>
        Control.Kubectl.RunWithInput(input, arguments);
}
