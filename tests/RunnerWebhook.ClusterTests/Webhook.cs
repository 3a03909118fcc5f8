using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>
/// The webhook, serving a real API server: registered by the repository's own MutatingWebhookConfiguration, in which
/// only the address and the CA are replaced.
/// </summary>
public sealed class Webhook(Cluster cluster) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-server").FullName;
    private readonly LogLines _log = new();
    private WebApplication? _app;

    /// <summary>The control plane.</summary>
    public Cluster Cluster { get; } = cluster;

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
        var manifest = Path.Combine(Repository, "charts-free-manifests", "base", "mutatingwebhookconfiguration.yaml");
        var json = (await Cluster.Kubectl.Run("create", "--dry-run=client", "-f", manifest, "-o", "json")).Ensure().Output;
        var configuration = JsonNode.Parse(json)!;
        foreach (var hook in configuration["webhooks"]!.AsArray())
        {
            var path = (string)hook!["clientConfig"]!["service"]!["path"]!;
            hook["clientConfig"] = new JsonObject
            {
                ["url"] = $"https://127.0.0.1:{port}{path}",
                ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(caPem)),
            };
        }

        (await Cluster.Kubectl.RunWithInput(configuration.ToJsonString(), "create", "-f", "-")).Ensure();
        await Cluster.Until("registration of the webhook", IsCalled);
    }

    // Whether the API server hands a labelled pod to a webhook; it is refused in any case.
    private async Task<bool> IsCalled()
    {
        const string Pod = """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"probe","labels":{"gitlab-runner":"inject"}},"spec":{"containers":[]}}""";
        var answer = await Cluster.Kubectl.RunWithInput(Pod, "create", "--validate=false", "--dry-run=server", "-f", "-");
        return answer.Error.Contains("runner-webhook", StringComparison.Ordinal);
    }

    private int Loads() => LogLinesWith("configuration loaded").Count();

    private static string FindRepository([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
