using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Certificates;
using RunnerWebhook.Cli;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary><c>runner-webhook check</c> against a real API server, whole and broken in every way that is promised.</summary>
[Collection(WebhookCollection.Name)]
public sealed class CheckTests(Webhook webhook) : IAsyncLifetime
{
    private const string Installation = "runner-webhook";

    private const string DaemonSet = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: runner, labels: {gitlab-runner: inject}}
        spec:
          selector: {matchLabels: {name: runner}}
          template:
            metadata: {labels: {name: runner}}
            spec:
              containers:
                - {name: gitlab-runner, image: gitlab/gitlab-runner:v17.5.0}
        """;

    private JsonNode _registration = null!;

    private Cluster Control => webhook.Cluster;

    private Kubectl Kubectl => Control.Kubectl;

    public async ValueTask InitializeAsync()
    {
        if (Kubectl is null)
        {
            return;
        }

        _registration = JsonNode.Parse((await Kubectl.Run("get", "mutatingwebhookconfiguration", Installation, "-o", "json")).Ensure().Output)!;
        await Store("Secret", "runner-webhook-tls", "data", Data(("tls.crt", await File.ReadAllTextAsync(webhook.CertificateFiles.Certificate))));
        await StoreConfiguration();
    }

    public async ValueTask DisposeAsync()
    {
        if (Kubectl is not null)
        {
            await Register(_ => { });
            await Kubectl.Run("delete", "configmap", Installation, "-n", Installation);
            await Kubectl.Run("delete", "secret", "runner-webhook-tls", "-n", Installation);
        }
    }

    [Fact]
    public async Task Installation_InWhichAllIsWell_HasNothingToComplainAbout()
    {
        var space = await NewNamespace();
        await Apply(space, DaemonSet);
        await CreateToken(space, "token");

        var run = await Check(space);

        Assert.Equal("", run.Error);
        Assert.DoesNotContain("✗", run.Output);
        // No kubelet runs here: the pod that the DaemonSet's controller made does not start.
        // What is registered here has no match conditions, which API servers since 1.30 are shipped with.
        var warnings = run.Output.Split('\n').Where(line => line.StartsWith('!')
            && !line.StartsWith("! running        created ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(Control.Version < new KubernetesVersion(1, 30) ? 0 : 1, warnings.Length);
        Assert.All(warnings, line => Assert.StartsWith("! registration   daemonsets.runner-webhook.local has no matchConditions", line));
        Assert.Contains("✓ reachable      the API server calls the webhook, which answers", run.Output);
        Assert.Contains("✓ caBundle       verifies the serving certificate", run.Output);
        Assert.Contains($"✓ injected       each of 1 labelled workloads in namespace {space} has its runner", run.Output);
        Assert.Contains("✓ tokens         every token Secret that is needed exists, with its key", run.Output);
        // The tests' webhook runs outside of the cluster.
        Assert.Contains("? deployment     Deployment runner-webhook/runner-webhook could not be checked: the API server calls https://127.0.0.1:", run.Output);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task Installation_ThatIsNotThere_IsFoundAndSoIsWhatCameInBare()
    {
        var space = await NewNamespace();
        (await Kubectl.Run("delete", "mutatingwebhookconfiguration", Installation)).Ensure();
        await ApplyUntil(space, DaemonSet, isInjected: false);

        var run = await Check(space);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("✗ registration   there is no MutatingWebhookConfiguration runner-webhook", run.Output);
        Assert.Contains("→ install it: kubectl apply -k charts-free-manifests", run.Output);
        Assert.Contains("✗ deployment     there is no Deployment runner-webhook/runner-webhook", run.Output);
        Assert.Contains($"✗ injected       DaemonSet {space}/runner is labelled, but has no runner", run.Output);

        await Register(_ => { });
        var hint = $"kubectl rollout restart daemonset/runner -n {space}";
        Assert.Contains(hint, run.Output);
        await Reached(space);
        (await Kubectl.Run(hint.Split(' ')[1..])).Ensure();
        Assert.Contains("✓ injected", (await Check(space)).Output);
    }

    [Fact]
    public async Task CaBundle_OfAnotherAuthority_IsFound()
    {
        var space = await NewNamespace();
        using var other = CertificateAuthority.Create(DateTimeOffset.UtcNow, TimeSpan.FromDays(1));

        await Register(config => config["caBundle"] = Base64(other.Pair.CertificatePem));

        var run = await CheckUntil(space, "✗ reachable");
        Assert.Contains("caBundle doesn't verify the certificate in Secret runner-webhook/runner-webhook-tls (", run.Output);
        Assert.Contains("x509: certificate signed by unknown authority", run.Output);
        Assert.Contains("→ see caBundle above", run.Output);
        Assert.Contains("→ make a new one and its CA: runner-webhook certs -n runner-webhook | kubectl apply --server-side -f -", run.Output);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task Certificate_Expired_IsFound()
    {
        var space = await NewNamespace();
        using var authority = CertificateAuthority.Create(DateTimeOffset.UtcNow.AddDays(-100), TimeSpan.FromDays(365));
        var expired = authority.IssueServing(["127.0.0.1"], DateTimeOffset.UtcNow.AddDays(-91), TimeSpan.FromDays(90));
        // A replica would go on with the valid pair it has, so that only the Secret shows the expired one.
        await Store("Secret", "runner-webhook-tls", "data", Data(("tls.crt", expired.CertificatePem)));

        var run = await CheckUntil(space, "✗ certificate");

        Assert.Contains("✗ certificate    the certificate in Secret runner-webhook/runner-webhook-tls expired at ", run.Output);
    }

    [Fact]
    public async Task Server_ThatIsDown_IsFoundWithTheServersOwnWords()
    {
        var space = await NewNamespace();

        await Register(config => config["url"] = $"https://127.0.0.1:{Cluster.FreePort()}/mutate");

        var run = await CheckUntil(space, "✗ reachable");
        Assert.Contains("failed calling webhook", run.Output);
        Assert.Contains("connection refused", run.Output);
        Assert.Contains("→ nothing listens there: see deployment above", run.Output);
    }

    [Fact]
    public async Task FailurePolicy_ThatHidesAFailure_IsToldOf()
    {
        var space = await NewNamespace();

        await Register(config => config["url"] = $"https://127.0.0.1:{Cluster.FreePort()}/mutate", "Ignore");

        var run = await CheckUntil(space, "✗ reachable");
        Assert.Contains("! registration   failurePolicy of pods.runner-webhook.local is Ignore, shipped is Fail", run.Output);
        Assert.Contains($"the API server takes a labelled Pod in namespace {space} without asking the webhook", run.Output);
        Assert.Contains("→ with failurePolicy Ignore it may have failed to call it", run.Output);
    }

    [Fact]
    public async Task Workload_Outdated_IsListedWithTheCommandThatRollsIt()
    {
        var space = await NewNamespace();
        await Apply(space, DaemonSet);
        await webhook.Configure("\n      limit: 9\n");
        await StoreConfiguration();

        var run = await Check(space, "--outdated");

        Assert.Contains($"! outdated       DaemonSet {space}/runner has revision ", run.Output);
        Assert.Contains($"→ kubectl rollout restart daemonset/runner -n {space}", run.Output);
        Assert.Contains("\n0 fine, 0 failed, 1 to look at, 0 could not be checked\n", run.Output);
        (await Kubectl.Run("rollout", "restart", "daemonset/runner", "-n", space)).Ensure();
        await CheckUntil(space, "✓ outdated       no injected workload is outdated");
        await webhook.Configure("");
    }

    [Fact]
    public async Task Token_MissingSecretOrKey_IsFound()
    {
        var space = await NewNamespace();
        await Apply(space, DaemonSet);

        var without = await Check(space);
        await CreateToken(space, "Token");
        var wrong = await Check(space);

        Assert.Contains($"✗ tokens         there is no Secret {space}/gitlab-runner-token, from which DaemonSet {space}/runner takes its token", without.Output);
        Assert.Contains($"→ kubectl create secret generic gitlab-runner-token -n {space} --from-literal=token=…", without.Output);
        Assert.Contains($"✗ tokens         Secret {space}/gitlab-runner-token has no key token", wrong.Output);
        Assert.Contains("→ its keys are Token", wrong.Output);
        Assert.DoesNotContain("s3cr3t", wrong.Output);
    }

    [Fact]
    public async Task Namespace_OfPodSecurityRestricted_IsFound()
    {
        var space = await NewNamespace();
        (await Kubectl.Run("label", "namespace", space, "pod-security.kubernetes.io/enforce=restricted")).Ensure();
        await Apply(space, DaemonSet);

        var run = await Check(space);

        Assert.Contains($" podSecurity    namespace {space} enforces Pod Security level restricted (1.", run.Output);
        Assert.Contains($"which refuses the pods of DaemonSet {space}/runner: spec.volumes[docker-socket] is a hostPath volume", run.Output);
        Assert.Contains("→ choose an engine that does without the node", run.Output);
    }

    [Fact]
    public async Task Label_InTheWrongPlace_IsFoundInAllNamespaces()
    {
        var space = await NewNamespace();
        (await Kubectl.Run("label", "namespace", space, "gitlab-runner=inject")).Ensure();
        await Apply(space, DaemonSet.Replace("DaemonSet", "Deployment", StringComparison.Ordinal));
        await Apply(space, DaemonSet.Replace("DaemonSet", "ReplicaSet", StringComparison.Ordinal));

        await Apply(space, """
            apiVersion: batch/VERSION
            kind: CronJob
            metadata: {name: nightly, labels: {gitlab-runner: inject}}
            spec:
              schedule: "0 0 1 1 *"
              jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: gitlab-runner, image: i}]}}}}
            """.Replace("VERSION", Control.Version < new KubernetesVersion(1, 21) ? "v1beta1" : "v1", StringComparison.Ordinal));

        var run = await CommandRun("-A");

        Assert.Contains($"✗ labels         Deployment {space}/runner has the label at metadata.labels.gitlab-runner, where it has no effect", run.Output);
        Assert.Contains($"✗ labels         ReplicaSet {space}/runner has the label", run.Output);
        Assert.Contains($"✗ labels         CronJob {space}/nightly has the label", run.Output);
        Assert.Contains("→ move it to spec.template.metadata.labels.gitlab-runner", run.Output);
        Assert.Contains("→ move it to spec.jobTemplate.spec.template.metadata.labels.gitlab-runner", run.Output);
        Assert.Contains($"! labels         Namespace {space} has the label gitlab-runner, which has no effect there", run.Output);
    }

    [Fact]
    public async Task User_WithFewRights_IsToldWhatCouldNotBeChecked()
    {
        var space = await NewNamespace();
        await Apply(space, DaemonSet);
        (await Kubectl.Run("create", "role", "reader", "-n", space, "--verb=get,list", "--resource=pods,daemonsets.apps")).Ensure();
        (await Kubectl.Run("create", "rolebinding", "reader", "-n", space, "--role=reader", $"--serviceaccount={space}:default")).Ensure();
        var kubeconfig = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(kubeconfig, Control.KubeconfigOf(await Kubectl.Token(space)), TestContext.Current.CancellationToken);

            var run = await Run("check", "--kubeconfig", kubeconfig, "-n", space);

            Assert.Equal("", run.Error);
            Assert.Contains("? registration   MutatingWebhookConfiguration runner-webhook could not be checked: it needs the right to get "
                + "mutatingwebhookconfigurations/runner-webhook", run.Output);
            Assert.Contains("? certificate    the certificate in Secret runner-webhook/runner-webhook-tls could not be checked: it needs the right to "
                + "get secrets/runner-webhook-tls in namespace runner-webhook", run.Output);
            Assert.Contains($"? reachable      whether the API server reaches the webhook could not be checked: it needs the right to create pods in namespace {space}", run.Output);
            Assert.Contains($"? labels         Deployments could not be checked: it needs the right to list deployments in namespace {space}", run.Output);
            Assert.Contains($"✓ injected       each of 1 labelled workloads in namespace {space} has its runner", run.Output);
            Assert.Equal(0, run.ExitCode);
        }
        finally
        {
            File.Delete(kubeconfig);
        }
    }

    [Fact]
    public async Task Cluster_OfFiveThousandPods_IsCheckedInSeconds()
    {
        var space = await NewNamespace();
        await CreateToken(space, "token");
        using var client = ClusterConnection.Open(new(Control.Kubeconfig), Environment.GetEnvironmentVariable);
        var cancellation = TestContext.Current.CancellationToken;
        await Parallel.ForEachAsync(Enumerable.Range(0, 5000), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellation },
            async (i, token) => await client.Create(ApiResource.Pods, space, Pod($"pod-{i}", isLabelled: i % 2 == 0), null, token));
        try
        {
            var best = TimeSpan.MaxValue;
            for (var i = 0; i < 3; i++)
            {
                var start = Stopwatch.GetTimestamp();
                var run = await Check(space);
                best = TimeSpan.FromTicks(Math.Min(best.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
                Assert.Contains($"✓ injected       each of 2500 labelled workloads in namespace {space} has its runner", run.Output);
            }

            Figures.Add("check of 5,000 pods, 2,500 of them labelled: {0:0.0} s", best.TotalSeconds);
            // Under five seconds alone; other tests run here at the same time.
            Assert.InRange(best.TotalSeconds, 0, 20);
        }
        finally
        {
            await Kubectl.Run("delete", "--raw", $"/api/v1/namespaces/{space}/pods?gracePeriodSeconds=0");
        }
    }

    [Fact]
    public async Task Cluster_ThatDoesNotAnswer_FailsWithOneLine()
    {
        Control.Require();
        var kubeconfig = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(kubeconfig, Control.KubeconfigOf("x").Replace(Control.Server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "1", StringComparison.Ordinal), TestContext.Current.CancellationToken);

            var run = await Run("check", "--kubeconfig", kubeconfig);

            Assert.Equal(1, run.ExitCode);
            Assert.StartsWith("✗ api            the API server https://127.0.0.1:1/", run.Output);
            Assert.EndsWith("\n0 fine, 1 failed, 0 to look at, 0 could not be checked\n", run.Output);
        }
        finally
        {
            File.Delete(kubeconfig);
        }
    }

    private async Task<string> NewNamespace()
    {
        Control.Require();
        return await Control.CreateNamespace("checked");
    }

    private Task<Report> Check(string space, params string[] arguments) => CommandRun(["-n", space, .. arguments]);

    private Task<Report> CommandRun(params string[] arguments) => Run(["check", "--kubeconfig", Control.Kubeconfig, .. arguments]);

    // The API server takes a changed registration into force within a second or so.
    private async Task<Report> CheckUntil(string space, string line)
    {
        Report? run = null;
        await Cluster.Until(line, async () => (run = await Check(space)).Output.Contains(line, StringComparison.Ordinal));
        return run!;
    }

    private Task<Report> Reached(string space) => CheckUntil(space, "✓ reachable");

    private static async Task<Report> Run(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var exitCode = await CommandLine.Run(arguments, new(Stream.Null, output, error));
        return new(exitCode, output.ToString(), error.ToString());
    }

    private async Task Apply(string space, string manifest)
    {
        await ApplyUntil(space, manifest, isInjected: manifest.Contains("kind: DaemonSet", StringComparison.Ordinal));
    }

    // Registrations of earlier tests may be in force a moment longer.
    private async Task ApplyUntil(string space, string manifest, bool isInjected) => await Cluster.Until("apply", async () =>
    {
        var apply = await Kubectl.RunWithInput(manifest, "apply", "-n", space, "-f", "-");
        if (apply.ExitCode == 0 && apply.Error.Contains(": injected", StringComparison.Ordinal) == isInjected)
        {
            return true;
        }

        await Kubectl.Run("delete", "daemonset", "runner", "-n", space);
        return false;
    });

    private async Task CreateToken(string space, string key) =>
        (await Kubectl.Run("create", "secret", "generic", "gitlab-runner-token", "-n", space, $"--from-literal={key}=s3cr3t")).Ensure();

    private async Task StoreConfiguration() => await Store("ConfigMap", Installation, "data",
        new() { ["config.yaml"] = await File.ReadAllTextAsync(webhook.ConfigFile) });

    private async Task Store(string kind, string name, string field, JsonObject content) => (await Kubectl.RunWithInput(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Installation },
        [field] = content,
    }.ToJsonString(), "apply", "-f", "-")).Ensure();

    private async Task Serve(string certificatePem, string keyPem)
    {
        var loads = Loads();
        await File.WriteAllTextAsync(webhook.CertificateFiles.Certificate, certificatePem);
        await File.WriteAllTextAsync(webhook.CertificateFiles.Key, keyPem);
        await Cluster.Until("certificate in service", () => Task.FromResult(Loads() > loads));

        int Loads() => webhook.LogLinesWith("certificate loaded").Count();
    }

    // The registration of the fixture, with a change to each webhook's address.
    private async Task Register(Action<JsonNode> change, string failurePolicy = "Fail")
    {
        var registration = _registration.DeepClone();
        registration["metadata"] = new JsonObject { ["name"] = Installation };
        foreach (var hook in registration["webhooks"]!.AsArray())
        {
            change(hook!["clientConfig"]!);
            hook["failurePolicy"] = failurePolicy;
        }

        await Kubectl.Run("delete", "mutatingwebhookconfiguration", Installation);
        (await Kubectl.RunWithInput(registration.ToJsonString(), "create", "-f", "-")).Ensure();
    }

    private static JsonObject Data(params (string Key, string Value)[] entries) =>
        new(entries.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Base64(entry.Value))));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static JsonObject Pod(string name, bool isLabelled) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["labels"] = isLabelled ? new JsonObject { ["gitlab-runner"] = "inject" } : [],
        },
        ["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "gitlab-runner", ["image"] = "gitlab/gitlab-runner:v17.5.0" }),
        },
    };

    private sealed record Report(int ExitCode, string Output, string Error);
}
