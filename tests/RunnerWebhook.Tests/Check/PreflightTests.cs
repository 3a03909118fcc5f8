using System.Text.Json.Nodes;
using Xunit;

namespace RunnerWebhook.Tests.Check;

/// <summary><c>check --pre</c>.</summary>
public sealed class PreflightTests
{
    [Fact]
    public async Task Pre_OfAClusterThatIsReady_PassesEveryLine()
    {
        await using var cluster = await Ready();

        var run = await cluster.Run("check", "--pre");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.DoesNotContain("✗", run.Output);
        Assert.DoesNotContain("\n!", run.Output);
        Assert.DoesNotContain("\n?", run.Output);
        Assert.Contains("✓ rights         you may create everything that the manifests hold\n", run.Output);
        Assert.EndsWith("7 fine, 0 failed, 0 to look at, 0 could not be checked\n", run.Output);
    }

    [Theory]
    [InlineData("release", "! version        Kubernetes 1.20 is older than 1.30, which the default manifests need", "overlays/before-1.30")]
    [InlineData("rights", "✗ rights         you may not create deployments, mutatingwebhookconfigurations", "let a cluster administrator apply the manifests")]
    [InlineData("cert-manager", "! certManager    cert-manager is not installed, and the default manifests need it", "overlays/self-managed")]
    [InlineData("cert-manager's webhook", "✗ certManager    cert-manager does not take an Issuer: failed calling webhook \"webhook.cert-manager.io\"", "kubectl get pods -A -l app.kubernetes.io/name=webhook")]
    [InlineData("namespace", "✗ namespace      namespace runner-webhook is being deleted", "kubectl wait --for=delete namespace/runner-webhook")]
    [InlineData("nodes", "! nodes          1 of 1 nodes run containerd, and profile default takes the Docker socket /var/run/docker.sock of the node", "use engine dind")]
    [InlineData("leftover", "✗ leftovers      MutatingWebhookConfiguration runner-webhook of an older installation is left over", "kubectl delete mutatingwebhookconfiguration runner-webhook")]
    [InlineData("installed", "! leftovers      runner-webhook is installed already", "kubectl apply updates it")]
    public async Task Pre_OfAClusterThatLacksSomething_NamesItWithAHint(string what, string line, string hint)
    {
        await using var cluster = await Ready();
        Break(cluster, what);

        var run = await cluster.Run("check", "--pre");

        Assert.Contains(line, run.Output);
        Assert.Contains(hint, run.Output);
        Assert.Equal(line[0] == '✗' ? 1 : 0, run.ExitCode);
    }

    [Theory]
    [InlineData("""{"clientVersion": {"gitVersion": "v1.20.2"}}""", "✗ kubectl        kubectl 1.20 is older than 1.21", "install.yaml of a release", 1)]
    [InlineData("""{"clientVersion": {"gitVersion": "v1.36.2"}}""", "✓ kubectl        kubectl 1.36 can build the manifests", "", 0)]
    [InlineData("no kubectl at all", "✓ version", "", 0)]
    public async Task Pre_WithAKubectl_JudgesItsRelease(string answer, string line, string hint, int exitCode)
    {
        await using var cluster = await Ready();
        cluster.ProgramPath = Directory.CreateTempSubdirectory("kubectl").FullName;
        var kubectl = Path.Combine(cluster.ProgramPath, "kubectl");
        await File.WriteAllTextAsync(kubectl, $"#!/bin/sh\necho '{answer}'\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(kubectl, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var run = await cluster.Run("check", "--pre");

        Assert.Contains(line, run.Output);
        Assert.Contains(hint, run.Output);
        Assert.Equal(exitCode, run.ExitCode);
        Directory.Delete(cluster.ProgramPath, recursive: true);
    }

    [Fact]
    public async Task Pre_WithoutRights_IsLinesAndNoFailure()
    {
        await using var cluster = await Ready();
        cluster.Forbidden.UnionWith(["/nodes", "/selfsubjectaccessreviews", "/namespaces/runner-webhook", "cert-manager"]);

        var run = await cluster.Run("check", "--pre");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("? nodes          the nodes could not be checked: it needs the right to list nodes\n", run.Output);
    }

    private static void Break(FakeCluster cluster, string what)
    {
        switch (what)
        {
            case "release":
                cluster.Version = "v1.20.2";
                break;
            case "rights":
                cluster.Forbidden.UnionWith(["create deployments", "create mutatingwebhookconfigurations"]);
                break;
            case "cert-manager":
                cluster.Delete("apis/cert-manager.io/v1");
                break;
            case "cert-manager's webhook":
                cluster.Probe = JsonNode.Parse("""
                    {"kind":"Status","code":500,"reason":"InternalError","message":"failed calling webhook \"webhook.cert-manager.io\": no endpoints available for service \"cert-manager-webhook\""}
                    """)!.AsObject();
                break;
            case "namespace":
                cluster.Put("api/v1/namespaces/runner-webhook", """{"status":{"phase":"Terminating"}}""");
                break;
            case "nodes":
                cluster.Put("api/v1/nodes/n1", Snapshots.Node("n1", "containerd://2.1.9").GetRawText());
                break;
            case "installed":
                cluster.Put(HealthyCluster.Deployment, "{}");
                break;
            default:
                cluster.Put(HealthyCluster.Webhooks, "{}");
                break;
        }
    }

    private static async Task<FakeCluster> Ready()
    {
        var cluster = await FakeCluster.Start();
        cluster.Put("apis/cert-manager.io/v1", "{}");
        cluster.Put("api/v1/nodes/n1", Snapshots.Node("n1", "docker://24.0.7").GetRawText());
        return cluster;
    }
}
