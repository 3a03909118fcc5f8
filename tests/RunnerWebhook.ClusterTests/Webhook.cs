using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.ClusterTests.Manifests;
using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>
/// The webhook, serving a real API server. It is registered by the repository's own manifests, in which only the address
/// and the CA are replaced.
/// </summary>
public sealed class Webhook(Cluster cluster) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-server").FullName;
    private readonly LogLines _log = new();
    private WebApplication? _app;

    /// <summary>The control plane.</summary>
    public Cluster Cluster { get; } = cluster;

    /// <summary>The folder of the manifests that registers the webhook. Default <c>base</c>, which has neither match
    /// conditions nor a guard and therefore suits every API server.</summary>
    public string Overlay { get; init; } = "base";

    /// <summary>The configuration file in force; tests may write it anew.</summary>
    public string ConfigFile => Path.Combine(_folder, "config.yaml");

    /// <summary>The configuration that this fixture begins with.</summary>
    public static string Configuration => File.ReadAllText(Path.Combine(Repository, "tests", "golden", "config.yaml"));

    /// <summary>The files of the certificate in service; tests may write them anew.</summary>
    public (string Certificate, string Key) CertificateFiles => (Path.Combine(_folder, "tls.crt"), Path.Combine(_folder, "tls.key"));

    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Every line logged so far that holds a text.</summary>
    public IEnumerable<string> LogLinesWith(string text) =>
        _log.Lines.Where(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Takes a configuration into force: that of the beginning, and more keys.</summary>
    public Task Configure(string keys) => Replace(Configuration + keys);

    /// <summary>Takes another configuration into force.</summary>
    public async Task Replace(string configuration)
    {
        var loads = Loads();
        await File.WriteAllTextAsync(ConfigFile, configuration + $"\n# {Guid.NewGuid()}\n");
        await Cluster.Until("reload of the configuration", () => Task.FromResult(Loads() > loads));
    }

    /// <summary>Ends the server and leaves its registration, as if every replica were gone.</summary>
    public Task StopServing() => _app!.StopAsync();

    public async ValueTask InitializeAsync()
    {
        if (Cluster.Kubectl is null)
        {
            return;
        }

        using var authority = new TestAuthority(_folder);
        authority.IssueServing("tls", "127.0.0.1");
        await File.WriteAllTextAsync(ConfigFile, Configuration);
        var port = Cluster.FreePort();
        _app = WebhookServer.Build(new()
        {
            ConfigFile = ConfigFile,
            Certificates = new() { CertificateFile = Path.Combine(_folder, "tls.crt"), KeyFile = Path.Combine(_folder, "tls.key") },
            Port = port,
            AdminPort = 0,
            LoopbackOnly = true,
            Cluster = new(await WatcherKubeconfig()),
            Drain = TimeSpan.Zero,
        }, logging => logging.AddProvider(_log));
        await _app.StartAsync();
        await Register(port, authority.Pem);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            // First of all, or everybody's labelled pods are refused from now on.
            await Cluster.Kubectl.Run("delete", "mutatingwebhookconfiguration", "runner-webhook", "--ignore-not-found");
            await DeletePolicies();
            await Cluster.Until("end of the webhook's registration", async () => !await IsCalled());
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // The webhook's own service account, with the rights of the component that a user adds for it.
    private async Task<string> WatcherKubeconfig()
    {
        var manifests = Path.Combine(Repository, "charts-free-manifests");
        (await Cluster.Kubectl.Run("apply", "-f", Path.Combine(manifests, "base", "namespace.yaml"),
            "-f", Path.Combine(manifests, "base", "serviceaccount.yaml"),
            "-f", Path.Combine(manifests, "components", "watch-namespaces", "rbac.yaml"))).Ensure();
        var file = Path.Combine(_folder, "watcher.kubeconfig");
        await File.WriteAllTextAsync(file, Cluster.KubeconfigOf(await Cluster.Kubectl.Token("runner-webhook", "runner-webhook")));
        return file;
    }

    private async Task Register(int port, string caPem)
    {
        var installation = await Installation.Build(Cluster.Kubectl, Overlay);
        var configuration = installation.Only("MutatingWebhookConfiguration");
        foreach (var hook in configuration["webhooks"]!.AsArray())
        {
            var path = (string)hook!["clientConfig"]!["service"]!["path"]!;
            hook["clientConfig"] = new JsonObject
            {
                ["url"] = $"https://127.0.0.1:{port}{path}",
                ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(caPem)),
            };
        }

        var registration = new Installation([configuration, .. installation.Manifests.Where(IsPolicy)]).ToString();
        (await Cluster.Kubectl.RunWithInput(registration, "create", "-f", "-")).Ensure();
        await Cluster.Until("registration of the webhook", IsCalled);
    }

    // Whether the API server hands a labelled pod to a webhook; it is refused in any case.
    private async Task<bool> IsCalled()
    {
        const string Pod = """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"probe","labels":{"gitlab-runner":"inject"}},"spec":{"containers":[]}}""";
        var answer = await Cluster.Kubectl.RunWithInput(Pod, "create", "--validate=false", "--dry-run=server", "-f", "-");
        return answer.Error.Contains("runner-webhook", StringComparison.Ordinal);
    }

    private async Task DeletePolicies()
    {
        var policies = (await Installation.Build(Cluster.Kubectl, Overlay)).Manifests.Where(IsPolicy).ToArray();
        if (policies.Length > 0)
        {
            await Cluster.Kubectl.RunWithInput(new Installation(policies).ToString(), "delete", "--ignore-not-found", "-f", "-");
        }
    }

    private static bool IsPolicy(JsonObject manifest) =>
        ((string)manifest["kind"]!).StartsWith("ValidatingAdmissionPolicy", StringComparison.Ordinal);

    private int Loads() => LogLinesWith("configuration loaded").Count();

    private static string FindRepository([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
