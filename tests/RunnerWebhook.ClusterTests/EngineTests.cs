using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Core.Workloads;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>What every engine, and everything that comes from Secrets and ConfigMaps, is to a real API server.</summary>
[Collection(WebhookCollection.Name)]
public sealed class EngineTests(Webhook webhook) : IAsyncLifetime
{
    private const string Bare = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: gitlab-runner}
        spec:
          selector: {matchLabels: {name: gitlab-runner}}
          template:
            metadata: {labels: {name: gitlab-runner, gitlab-runner: inject}}
            spec:
              containers:
                - name: gitlab-runner
                  image: gitlab/gitlab-runner:v17.5.0
                  env: [{name: HTTPS_PROXY, valueFrom: {secretKeyRef: {name: proxy, key: url, optional: true}}}]
                  securityContext: {runAsUser: 0, privileged: false, capabilities: {add: [NET_RAW]}}
        """;

    private const string Dind =
        "      dind: {sidecar: SIDECAR, sizeLimit: 20480Mi, mtu: 1400, resources: {limits: {cpu: 1500m, memory: 1024Mi}}}\n";

    private static readonly string Labelled = Bare.Replace(
        "{name: gitlab-runner}\nspec", "{name: gitlab-runner, labels: {gitlab-runner: inject}}\nspec", StringComparison.Ordinal);

    private Cluster Control => webhook.Cluster;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (Control.Kubectl is not null)
        {
            await webhook.Configure("");
        }
    }

    public static TheoryData<string, string> Settings() => new()
    {
        { "hostSocket", "    engine: {kind: hostSocket, socketPath: /run/docker.sock}\n    socketVolume: {type: \"\"}\n" },
        { "dind, auto", "    engine:\n      kind: dind\n" + Dind.Replace("SIDECAR", "auto", StringComparison.Ordinal) },
        { "dind, native", "    engine:\n      kind: dind\n" + Dind.Replace("SIDECAR", "native", StringComparison.Ordinal) },
        { "dind, container", "    engine:\n      kind: dind\n" + Dind.Replace("SIDECAR", "container", StringComparison.Ordinal) },
        { "podman, native", "    engine: {kind: podman, podman: {sidecar: native, sizeLimit: 20Gi, args: [--log-level=debug]}}\n" },
        { "podman, container", "    engine: {kind: podman, podman: {sidecar: container, rootless: false}}\n" },
        { "dind, native, in a user namespace", "    engine: {kind: dind, dind: {sidecar: native, userNamespace: true}}\n" },
        { "runtime class", "    runtimeClassName: sysbox-runc\n    engine: {kind: none}\n" },
        { "remote", "    engine: {kind: remote, remote: {host: \"tcp://docker:2376\", tlsSecretName: docker-client}}\n" },
        { "none", "    engine: {kind: none}\n    configVolume: {mountPath: /config, medium: Memory}\n" },
        { "secret", "    certificates: {secretName: ca}\n    cache: {secretName: c, keys: {cache-s3-secret-key: k}}\n" },
        { "configMap", "    certificates: {configMapName: ca}\n    template: {configMapName: t}\n    initContainer: {resources: {limits: {cpu: 1}}}\n" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task DaemonSet_AnySetting_IsStoredAsInjectedAndTakenBackWhole(string name, string settings)
    {
        var space = await Configured(name, settings);
        (await Apply(space, Bare)).Ensure();
        var original = await Stored(space);

        var apply = (await Apply(space, Labelled)).Ensure();
        Assert.Contains($"Warning: runner-webhook: DaemonSet {space}/gitlab-runner: injected init container", apply.Error);
        var first = await Stored(space);
        Assert.NotNull(first["spec"]!["template"]!["spec"]!["initContainers"]);

        var again = (await Apply(space, Labelled)).Ensure();
        Assert.DoesNotContain("Warning", again.Error);
        var second = await Stored(space);
        Assert.Equal(first["spec"]!.ToJsonString(), second["spec"]!.ToJsonString());
        Assert.Equal((long)first["metadata"]!["generation"]!, (long)second["metadata"]!["generation"]!);

        // Whatever the API server did to a piece is no change that somebody made: all of them go.
        var removal = (await Control.Kubectl.Run("label", "daemonset", "gitlab-runner", "gitlab-runner-", "-n", space)).Ensure();
        Assert.DoesNotContain("has been changed since", removal.Error);
        Assert.Equal(original["spec"]!.ToJsonString(), (await Stored(space))["spec"]!.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Controller_AnySetting_MakesPodsThatNeedNoPatch(string name, string settings)
    {
        var space = await Configured(name, settings);
        (await Apply(space, Labelled)).Ensure();

        await Cluster.Until("pod", async () => (await Control.Kubectl.List(space, "pod")).Count > 0);

        var pod = webhook.LogLinesWith($" {space}/").Where(line => line.Contains("injected Pod", StringComparison.Ordinal)).ToArray();
        Assert.All(pod, line => Assert.Contains("already-injected Pod", line));
        Assert.NotEmpty(pod);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Pod_AnySetting_IsAccepted(string name, string settings)
    {
        var space = await Configured(name, settings);
        var template = JsonNode.Parse((await Control.Kubectl.RunWithInput(
            Labelled, "create", "--dry-run=client", "-o", "json", "-f", "-")).Ensure().Output)!["spec"]!["template"]!.DeepClone();
        (template["apiVersion"], template["kind"], template["metadata"]!["name"]) = ("v1", "Pod", "runner");

        var apply = (await Apply(space, template.ToJsonString())).Ensure();

        Assert.Contains($"Warning: runner-webhook: Pod {space}/runner: injected init container", apply.Error);
        var pod = await Control.Kubectl.Get(space, "pod", "runner");
        Assert.Contains("gitlab-runner/status", pod["metadata"]!["annotations"]!.ToJsonString());
        (await Apply(space, template.ToJsonString())).Ensure();
        Assert.Equal(pod["spec"]!.ToJsonString(), (await Control.Kubectl.Get(space, "pod", "runner"))["spec"]!.ToJsonString());
    }

    private async Task<string> Configured(string name, string settings)
    {
        Control.Require(name.Contains("user namespace", StringComparison.Ordinal) ? KubernetesVersion.UserNamespaces
            : name.Contains("native", StringComparison.Ordinal) ? KubernetesVersion.NativeSidecars : default, name);
        if (name == "runtime class")
        {
            const string Class = """
                {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "sysbox-runc"}, "handler": "sysbox-runc"}
                """;
            (await Control.Kubectl.RunWithInput(Class, "apply", "-f", "-")).Ensure();
        }

        await webhook.Configure(settings);
        return await Control.CreateNamespace();
    }

    private Task<CommandResult> Apply(string space, string manifest) =>
        Control.Kubectl.RunWithInput(manifest, "apply", "-n", space, "-f", "-");

    private Task<JsonNode> Stored(string space) => Control.Kubectl.Get(space, "daemonset", "gitlab-runner");
}
