using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.ClusterTests.Manifests;
using Xunit;

namespace RunnerWebhook.ClusterTests.Certificates;

/// <summary><c>--client-ca</c> with a real API server, which shows a client certificate because its AdmissionConfiguration
/// says so.</summary>
public sealed class CallerTests : IAsyncLifetime
{
    private const string LabelledPod = """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"runner","labels":{"gitlab-runner":"inject"}},
         "spec":{"containers":[{"name":"gitlab-runner","image":"gitlab/gitlab-runner:v17.5.0"}]}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-caller").FullName;
    private readonly int _port = Cluster.FreePort();
    private readonly TestAuthority _authority;
    private readonly Cluster _cluster;

    public CallerTests()
    {
        _authority = new(_folder);
        _authority.IssueServing("tls", "127.0.0.1");
        _authority.IssueClient("apiserver-webhooks", "CN=apiserver-webhooks");
        _cluster = new() { ApiServerOptions = [$"--admission-control-config-file={WriteAdmissionConfiguration()}"] };
    }

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    [Fact]
    public async Task Call_OfAnApiServerWithAndWithoutItsCertificate_IsAnsweredAndRefused()
    {
        _cluster.Require();
        await using var webhook = await Serve();
        await Register();

        var output = "";
        await Cluster.Until("injection", async () => (output = (await Create()).Output).Contains("init-runner", StringComparison.Ordinal),
            () => output + string.Join('\n', webhook.Log.Lines));
        Assert.DoesNotContain(webhook.Log.Lines, line => line.Contains("refused a caller", StringComparison.Ordinal));

        // The API server reads its files at its start.
        await File.WriteAllTextAsync(KubeconfigFile, Kubeconfig(null), TestContext.Current.CancellationToken);
        await _cluster.RestartApiServer();
        var refused = await Create();

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("failed calling webhook", refused.Error, StringComparison.Ordinal);
        Assert.Contains(webhook.Log.Lines, line => line.Contains("it sent no client certificate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Component_OverAnInstallation_AddsTheArgumentAndItsFile()
    {
        _cluster.Require();
        var manifests = Path.GetRelativePath(_folder, Path.Combine(Webhook.Repository, "charts-free-manifests"));
        foreach (var overlay in (string[])["overlays/cert-manager", "overlays/self-managed"])
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "kustomization.yaml"), $"""
                resources: [{manifests}/{overlay}]
                components: [{manifests}/components/client-ca]
                """, TestContext.Current.CancellationToken);

            var built = (await _cluster.Kubectl.Run("kustomize", _folder)).Ensure().Output;

            Assert.Contains("- --client-ca=/etc/runner-webhook-client-ca/ca.crt\n", built, StringComparison.Ordinal);
            Assert.Contains("- --config=/etc/runner-webhook/config.yaml\n", built, StringComparison.Ordinal);
            Assert.Contains("mountPath: /etc/runner-webhook-client-ca\n", built, StringComparison.Ordinal);
            Assert.Contains("name: runner-webhook-client-ca\n", built, StringComparison.Ordinal);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string KubeconfigFile => Path.Combine(_folder, "webhooks.kubeconfig");

    // As charts-free-manifests/README.md shows it.
    private string WriteAdmissionConfiguration()
    {
        File.WriteAllText(KubeconfigFile, Kubeconfig("apiserver-webhooks"));
        var file = Path.Combine(_folder, "admission.yaml");
        File.WriteAllText(file, $"""
            apiVersion: apiserver.config.k8s.io/v1
            kind: AdmissionConfiguration
            plugins:
              - name: MutatingAdmissionWebhook
                configuration:
                  apiVersion: apiserver.config.k8s.io/v1
                  kind: WebhookAdmissionConfiguration
                  kubeConfigFile: {KubeconfigFile}
            """);
        return file;
    }

    // The user's name is the webhook's address; with a Service it is SERVICE.NAMESPACE.svc.
    private string Kubeconfig(string? certificate) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Config",
        ["users"] = new JsonArray(certificate is null ? [] :
        [
            new JsonObject
            {
                ["name"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}"),
                ["user"] = new JsonObject
                {
                    ["client-certificate"] = Path.Combine(_folder, certificate + ".crt"),
                    ["client-key"] = Path.Combine(_folder, certificate + ".key"),
                },
            },
        ]),
    }.ToJsonString();

    private Task<Replica> Serve() => Replica.Start(new()
    {
        Certificates = new()
        {
            CertificateFile = Path.Combine(_folder, "tls.crt"),
            KeyFile = Path.Combine(_folder, "tls.key"),
            ClientAuthorityFile = Path.Combine(_folder, "ca.crt"),
        },
    }, _port);

    private async Task Register()
    {
        var configuration = (await Installation.Build(_cluster.Kubectl, "base")).Only("MutatingWebhookConfiguration");
        foreach (var hook in configuration["webhooks"]!.AsArray())
        {
            hook!["clientConfig"] = new JsonObject
            {
                ["url"] = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_port}/mutate"),
                ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(_authority.Pem)),
            };
        }

        (await _cluster.Kubectl.RunWithInput(new Installation([configuration]).ToString(), "create", "-f", "-")).Ensure();
    }

    private Task<CommandResult> Create() =>
        _cluster.Kubectl.RunWithInput(LabelledPod, "create", "--dry-run=server", "-o", "json", "-f", "-");
}
