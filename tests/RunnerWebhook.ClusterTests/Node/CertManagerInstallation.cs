using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Certificates;
using RunnerWebhook.ClusterTests.ControlPlane;
using Xunit;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>The default installation, with the test in cert-manager's place: it keeps the Secret that the Certificate names,
/// and writes the CA into every <c>caBundle</c>.</summary>
public sealed class CertManagerInstallation(NodeCluster node) : IAsyncLifetime
{
    private readonly CertificateAuthority _authority = CertificateAuthority.Create(DateTimeOffset.UtcNow, TimeSpan.FromDays(2));
    private InstalledWebhook? _webhook;

    public NodeCluster Node { get; } = node;

    private Kubectl Kubectl => Node.Kubectl;

    /// <summary>The installation.</summary>
    internal InstalledWebhook Webhook => _webhook!;

    public async ValueTask InitializeAsync()
    {
        if (Node.IsThere)
        {
            // The default, but for what an API server before 1.30 refuses.
            _webhook = await InstalledWebhook.Install(Node, "overlays/before-1.30", async () =>
            {
                await Issue();
                await InjectAuthority();
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_webhook?.DisposeAsync() ?? ValueTask.CompletedTask);
        _authority.Dispose();
    }

    /// <summary>Applies the manifests again, as after the emergency.</summary>
    internal async Task Apply()
    {
        await Webhook.Apply();
        await InjectAuthority();
    }

    /// <summary>Issues another serving certificate of the same CA.</summary>
    internal async Task Issue()
    {
        var pair = _authority.IssueServing([.. ServiceNames.Of("runner-webhook", InstalledWebhook.Space)], DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
        (await Kubectl.RunWithInput(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["type"] = "kubernetes.io/tls",
            ["metadata"] = new JsonObject { ["name"] = "runner-webhook-tls", ["namespace"] = InstalledWebhook.Space },
            ["stringData"] = new JsonObject
            {
                ["tls.crt"] = pair.CertificatePem,
                ["tls.key"] = pair.KeyPem,
                ["ca.crt"] = _authority.Pair.CertificatePem,
            },
        }.ToJsonString(), "apply", "-f", "-")).Ensure();
    }

    private async Task InjectAuthority()
    {
        var bundle = Convert.ToBase64String(Encoding.UTF8.GetBytes(_authority.Pair.CertificatePem));
        var operations = new JsonArray([.. Enumerable.Range(0, 2).Select(index => new JsonObject
        {
            ["op"] = "add",
            ["path"] = $"/webhooks/{index}/clientConfig/caBundle",
            ["value"] = bundle,
        })]);
        (await Kubectl.Run("patch", "mutatingwebhookconfiguration", "runner-webhook", "--type=json", "--patch", operations.ToJsonString())).Ensure();
    }
}
