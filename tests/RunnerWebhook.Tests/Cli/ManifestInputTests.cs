using System.Diagnostics;
using System.Text;
using RunnerWebhook.Cli;
using RunnerWebhook.Tests.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Cli;

public sealed class ManifestInputTests
{
    private const string Spec = "spec: {template: {metadata: {labels: {a: b}}, spec: {containers: [{name: gitlab-runner, image: i:1}]}}}\n";
    private const string TemplateLabel = "spec: {template: {metadata: {labels: {gitlab-runner: inject}}, spec: {containers: [{name: r, image: i:1}]}}}\n";

    private const string PodSpec = "spec: {containers: [{name: gitlab-runner, image: \"i:1\"}]}";

    private static readonly string Config = Path.Combine(KubectlText.Folder, "config.yaml");

    [Theory]
    [InlineData("extensions/v1beta1", "DaemonSet", "inject", 1, "use apps/v1")]
    [InlineData("apps.kruise.io/v1alpha1", "DaemonSet", "inject", 1, "DaemonSet of apps.kruise.io/v1alpha1")]
    [InlineData("argoproj.io/v1alpha1", "Rollout", "inject", 1, "Rollout of argoproj.io/v1alpha1")]
    [InlineData("apps/v1", "DaemonSet", "Inject", 1, "'Inject'")]
    [InlineData("apps/v1", "DaemonSet", "\"true\"", 1, "'true'")]
    [InlineData("apps/v1", "DaemonSet", "injected", 1, "'injected'")]
    [InlineData("apps/v1", "DaemonSet", "disabled", 0, "'disabled'")]
    [InlineData("example.com/v1", "Thing", "Inject", 1, "'Inject'")]
    public async Task Inject_LabelNotActedOn_IsReported(string version, string kind, string label, int exitCode, string part)
    {
        var text = $"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x, labels: {{gitlab-runner: {label}}}}}\n{Spec}";

        var run = await CommandRun.WithInput(text, "inject", "-f", "-", "-c", Config);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith($"-:1: not injected: {kind} x: ", run.Error);
        Assert.Contains(part, run.Error);
        Assert.Equal(exitCode == 0 ? text : "", run.Output);
        var explained = await CommandRun.WithInput(text, "explain", "-f", "-", "-c", Config);
        Assert.Contains(part, explained.Output);
        Assert.Equal(exitCode, explained.ExitCode);
        Assert.Equal(text, (await CommandRun.WithInput(text, "uninject", "-f", "-")).Output);
    }

    [Theory]
    [InlineData("v1", "PodTemplate", "template: {metadata: {$}, spec: {containers: [{name: r, image: i:1}]}}")]
    [InlineData("jobset.x-k8s.io/v1alpha2", "JobSet",
        "spec: {replicatedJobs: [{template: {spec: {template: {metadata: {$}, spec: {containers: [{name: r}]}}}}}]}")]
    [InlineData("keda.sh/v1alpha1", "ScaledJob", "spec: {jobTargetRef: {template: {metadata: {$}, spec: {containers: []}}}}")]
    [InlineData("argoproj.io/v1alpha1", "Workflow", "spec: {podMetadata: {$}, templates: [{container: {name: r}}]}")]
    [InlineData("argoproj.io/v1alpha1", "Rollout", "metadata: {name: x, $}\nspec: {workloadRef: {kind: Deployment, name: x}}")]
    [InlineData("helm.toolkit.fluxcd.io/v2", "HelmRelease", "spec: {values: {podLabels: {gitlab-runner: inject}}}")]
    public async Task Inject_ForeignKindLabelledAnywhere_Fails(string version, string kind, string rest)
    {
        var name = rest.StartsWith("metadata", StringComparison.Ordinal) ? "" : "metadata: {name: x}\n";
        var text = $"apiVersion: {version}\nkind: {kind}\n{name}{rest.Replace("$", "labels: {gitlab-runner: inject}", StringComparison.Ordinal)}\n";

        var run = await CommandRun.WithInput(text, "inject", "-f", "-", "-c", Config);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"-:1: not injected: {kind} x: {kind} of {version} is not supported; use one of Pod, ", run.Error);
        var explained = await CommandRun.WithInput(text, "explain", "-f", "-", "-c", Config);
        Assert.StartsWith($"{kind} x (-:1)\n", explained.Output);
        Assert.Equal(1, explained.ExitCode);
    }

    [Fact]
    public async Task Inject_ForeignKindWithoutPodsNextToAWorkload_IsNamedAndNoFailure()
    {
        var labels = "labels: {gitlab-runner: inject}";
        var text = $"apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: x, {labels}}}\n{Spec}---\n"
            + $"apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {{name: metrics, {labels}}}\nspec: {{}}\n---\n"
            + $"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: door, {labels}}}\nspec: {{}}\n";

        var run = await CommandRun.WithInput(text, "inject", "-f", "-", "-c", Config);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("not injected: PodMonitor metrics: PodMonitor of monitoring.coreos.com/v1 is not supported", run.Error);
        Assert.Contains("not injected: Ingress door: the label gitlab-runner has no effect on kind Ingress", run.Error);
    }

    [Theory]
    [InlineData("gitlab-runner/inject: \"true\"", "the label 'gitlab-runner/inject' asks for nothing")]
    [InlineData("gitlab-runner.io/inject: enabled", "the label 'gitlab-runner.io/inject' asks for nothing")]
    [InlineData("inject-gitlab-runner: \"yes\"", "the label 'inject-gitlab-runner' asks for nothing")]
    [InlineData("inject-gitlab-runner: \"false\"", null)]
    [InlineData("app.kubernetes.io/name: gitlab-runner", null)]
    [InlineData("runner: enabled", null)]
    public async Task Inject_OtherLabel_IsReportedIfItLooksLikeOurs(string label, string? part)
    {
        var text = $"apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: x, labels: {{{label}}}}}\n{Spec}";

        var run = await CommandRun.WithInput(text, "inject", "-f", "-", "-c", Config);

        Assert.Equal(part is null ? 0 : 1, run.ExitCode);
        Assert.Contains(part ?? "nothing to do", run.Error);
    }

    [Fact]
    public async Task Inject_LabelOfAJobTemplate_IsReportedWithThePlace()
    {
        var run = await CommandRun.WithInput("apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: x}\n"
            + "spec: {jobTemplate: {metadata: {labels: {gitlab-runner: inject}}, " + Spec.TrimEnd() + "}}\n", "inject", "-f", "-", "-c", Config);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the label gitlab-runner is at spec.jobTemplate.metadata.labels, where it has no effect; "
            + "write it to spec.jobTemplate.spec.template.metadata.labels", run.Error);
    }

    [Fact]
    public async Task Uninject_DamagedRecord_SaysThatNothingIsRemoved()
    {
        var text = $"apiVersion: v1\nkind: Pod\nmetadata: {{name: x, annotations: {{gitlab-runner/status: broken}}}}\n{PodSpec}\n";

        var run = await CommandRun.WithInput(text, "uninject", "-f", "-");

        Assert.Equal((0, text), (run.ExitCode, run.Output));
        Assert.Equal("-:1: left-alone-not-labelled: Pod x: left alone: it has no record of an injection\n-:1: note: annotation "
            + "gitlab-runner/status is damaged, or no record of an injection: what was injected stays, and has to be removed by hand\n",
            run.Error);
    }

    [Fact]
    public async Task Uninject_LabelledWithoutRecord_SaysThatThereIsNone()
    {
        var text = $"apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: x, labels: {{gitlab-runner: inject}}}}\n{Spec}";

        var run = await CommandRun.WithInput(text, "uninject", "-f", "-");

        Assert.Equal((0, text), (run.ExitCode, run.Output));
        Assert.Equal("runner-webhook: nothing to do: no workload with the annotation gitlab-runner/status, the record of an "
            + "injection\n", run.Error);
    }

    [Fact]
    public async Task Inject_TemplateOfUnknownKindLabelled_IsReported()
    {
        var run = await CommandRun.WithInput(
            "apiVersion: apps.openshift.io/v1\nkind: DeploymentConfig\nmetadata: {name: x}\n" + TemplateLabel, "inject", "-f", "-", "-c", Config);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("not injected: DeploymentConfig x: DeploymentConfig of apps.openshift.io/v1 is not supported", run.Error);
    }

    [Theory]
    [InlineData("v1", "PodList", "v1", "Pod")]
    [InlineData("apps/v1", "DaemonSetList", "apps/v1", "DaemonSet")]
    public async Task Inject_ItemsWithoutKind_HaveTheirListsKind(string version, string list, string itemVersion, string kind)
    {
        var item = $"metadata: {{name: x, labels: {{gitlab-runner: inject}}}}, {(kind == "Pod" ? PodSpec : Spec)}".TrimEnd('\n');
        var text = $"apiVersion: {version}\nkind: {list}\nitems:\n- {{{item}}}\n";
        var named = text.Replace("- {", $"- {{apiVersion: {itemVersion}, kind: {kind}, ", StringComparison.Ordinal);

        var run = await CommandRun.WithInput(text, "inject", "-f", "-", "-c", Config);
        var expected = await CommandRun.WithInput(named, "inject", "-f", "-", "-c", Config);

        Assert.Equal((0, expected.Error), (run.ExitCode, run.Error));
        Assert.StartsWith($"-:4: injected: {kind} x: ", run.Error);
        Assert.Equal(expected.Output.Replace($"apiVersion: {itemVersion}, kind: {kind}, ", "", StringComparison.Ordinal), run.Output);
        Assert.Equal(text, (await CommandRun.WithInput(run.Output, "uninject", "-f", "-")).Output);
    }

    [Theory]
    [InlineData("[{apiVersion: v1, kind: Pod, $}]", "Pod x: it is in an array, which kubectl does not read")]
    [InlineData("[{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, $}]}]", "Pod x: it is in an array, which kubectl does not read")]
    [InlineData("{apiVersion: v1, kind: List, items: [{$}]}", "it has no kind; set one of Pod, DaemonSet")]
    [InlineData("{kind: DaemonSet, $}", "DaemonSet x: it has no apiVersion; set apps/v1")]
    public async Task Inject_LabelledWhereKubectlReadsNoPod_IsReported(string written, string part)
    {
        var text = written.Replace("$", $"metadata: {{name: x, labels: {{gitlab-runner: inject}}}}, {PodSpec}", StringComparison.Ordinal) + "\n";

        var run = await CommandRun.WithInput(text, "inject", "-f", "-", "-c", Config);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("-:1: not injected: ", run.Error);
        Assert.Contains(part, run.Error);
    }

    [Fact]
    public async Task Explain_LabelledObjectOfAnUnsupportedKind_IsNamedWithTheReason()
    {
        var text = $"apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {{name: x, labels: {{gitlab-runner: inject}}}}\n{Spec}"
            + "---\napiVersion: v1\nkind: Service\nmetadata: {name: y}\nspec: {selector: {a: b}}\n";

        var run = await CommandRun.WithInput(text, "explain", "-f", "-", "-c", Config);

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("Rollout x (-:1)\n  left-alone-unsupported-kind\n", run.Output);
        Assert.Contains("✗ kind", run.Output);
        Assert.Contains("Rollout of argoproj.io/v1alpha1 is not supported", run.Output);
        Assert.DoesNotContain("Service", run.Output);
    }

    [Theory]
    [InlineData("ConfigMap", "data: {a: b}\n")]
    [InlineData("Service", "spec: {selector: {a: b}}\n")]
    public async Task Inject_LabelledObjectWithoutPods_IsNoFailure(string kind, string rest)
    {
        var text = $"apiVersion: v1\nkind: {kind}\nmetadata: {{name: x, labels: {{gitlab-runner: inject}}}}\n{rest}";

        var run = await CommandRun.WithInput(text, "inject", "-f", "-", "-c", Config);

        Assert.Equal((0, text), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Inject_RepeatedKey_TakesTheLastAndSaysSo()
    {
        var run = await CommandRun.WithInput("apiVersion: v1\nkind: Secret\nkind: Pod\n"
            + "metadata: {name: x, labels: {gitlab-runner: inject}}\nspec: {containers: [{name: r, image: i:1}]}\n",
            "inject", "-f", "-", "-c", Config);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("-:3:1: the key 'kind' is there twice, and replaces that of line 2; remove one of them\n", run.Error);
        Assert.Contains("init-runner", run.Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Inject_Utf16_KeepsItsEncoding(bool bigEndian)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        var text = "\uFEFF" + KubectlText.All.First(each => each.Name == "shapes 1").Text + "---\n\uFEFFkind: ä\n";

        var injected = await RunOn(encoding.GetBytes(text), "inject", "-f", "-", "-c", Config);

        Assert.Contains("init-runner", encoding.GetString(injected));
        Assert.EndsWith("---\n\uFEFFkind: ä\n", encoding.GetString(injected));
        Assert.Equal(encoding.GetBytes(text), await RunOn(injected, "uninject", "-f", "-"));
    }

    [Fact]
    public void Inject_IntoFullDevice_IsOneSentence()
    {
        var program = typeof(ProgramVersion).Assembly.Location;
        var file = Path.Combine(RepositoryFiles.Root, "tests", "golden", "seed", "input.yaml");
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec dotnet '{program}' uninject -f '{file}' >/dev/full"])
        {
            RedirectStandardError = true,
        })!;
        var error = shell.StandardError.ReadToEnd();
        shell.WaitForExit();

        Assert.Equal(1, shell.ExitCode);
        Assert.Contains("runner-webhook: No space left on device", error);
        Assert.DoesNotContain("   at ", error);
    }

    private static async Task<byte[]> RunOn(byte[] input, params string[] arguments)
    {
        using var stdin = new MemoryStream(input);
        using var stdout = new MemoryStream();
        await using var output = new StreamWriter(stdout, new UTF8Encoding(false));
        await using var error = new StringWriter();
        Assert.Equal(0, await CommandLine.Run(arguments, new(stdin, output, error)));
        await output.FlushAsync();
        return stdout.ToArray();
    }
}
