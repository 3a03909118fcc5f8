using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Xunit;

namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>A real control plane on loopback: etcd, kube-apiserver, kube-controller-manager, and one Node object so that
/// the DaemonSet controller makes Pods. Nothing runs them.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-cluster").FullName;
    private readonly List<ChildProcess> _processes = [];
    private string _skipReason = "";
    private int _namespaces;

    /// <summary>kubectl as an administrator.</summary>
    public Kubectl Kubectl { get; private set; } = null!;

    /// <summary>The kubeconfig of an administrator.</summary>
    public string Kubeconfig => PathOf("admin.kubeconfig");

    /// <summary>The API server's address.</summary>
    public Uri Server { get; private set; } = null!;

    /// <summary>The CA of the API server's certificate.</summary>
    public string CaPem => File.ReadAllText(PathOf("ca.crt"));

    public async ValueTask InitializeAsync()
    {
        var binaries = await ControlPlaneBinaries.Provision();
        if (binaries.Folder is null)
        {
            _skipReason = $"no control plane can be had: {binaries.Problem}";
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                throw new InvalidOperationException(_skipReason);
            }

            return;
        }

        try
        {
            await Start(binaries);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Skips the test, with the reason, on a machine where no control plane can be had.</summary>
    public void Require() => Assert.SkipWhen(_skipReason.Length > 0, _skipReason);

    /// <summary>Makes a namespace of its own for a test.</summary>
    public async Task<string> CreateNamespace(string prefix = "test")
    {
        var name = prefix + "-" + Interlocked.Increment(ref _namespaces).ToString(CultureInfo.InvariantCulture);
        (await Kubectl.Run("create", "namespace", name)).Ensure();
        await Until($"service account of {name}", async () =>
            (await Kubectl.Run("get", "serviceaccount", "default", "-n", name)).ExitCode == 0);
        return name;
    }

    /// <summary>A kubeconfig's content for whoever has a token.</summary>
    public string KubeconfigOf(string token) => $$$"""
        {"apiVersion":"v1","kind":"Config","current-context":"token",
         "clusters":[{"name":"test","cluster":{"server":"{{{Server}}}","certificate-authority":"{{{PathOf("ca.crt")}}}"}}],
         "users":[{"name":"token","user":{"token":"{{{token}}}"}}],
         "contexts":[{"name":"token","context":{"cluster":"test","user":"token"}}]}
        """;

    /// <summary>Waits for a condition, for 30 seconds at most.</summary>
    /// <param name="what">What is waited for.</param>
    /// <param name="condition">Whether it is there.</param>
    /// <param name="state">How it stands, for the message.</param>
    public static async Task Until(string what, Func<Task<bool>> condition, Func<string>? state = null)
    {
        for (var i = 0; i < 150; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(200);
        }

        throw new TimeoutException($"{what}: not within 30 seconds {state?.Invoke()}".TrimEnd());
    }

    /// <summary>A TCP port that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task Start(ControlPlaneBinaries binaries)
    {
        WriteCertificates();
        var (client, peer, api) = (Url("http", FreePort()), Url("http", FreePort()), Url("https", FreePort()));
        Server = new(api);
        Launch(binaries, "etcd", $"--data-dir={PathOf("etcd")}", "--unsafe-no-fsync", $"--listen-client-urls={client}",
            $"--advertise-client-urls={client}", $"--listen-peer-urls={peer}", $"--initial-advertise-peer-urls={peer}",
            $"--initial-cluster=default={peer}");
        var apiServer = Launch(binaries, "kube-apiserver", $"--etcd-servers={client}", "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1", $"--secure-port={new Uri(api).Port}",
            $"--tls-cert-file={PathOf("apiserver.crt")}", $"--tls-private-key-file={PathOf("apiserver.key")}",
            $"--client-ca-file={PathOf("ca.crt")}", $"--service-account-key-file={PathOf("accounts.key")}",
            $"--service-account-signing-key-file={PathOf("accounts.key")}", $"--service-account-issuer={api}",
            "--service-cluster-ip-range=10.96.0.0/16", "--authorization-mode=Node,RBAC", "--allow-privileged=true");
        Kubectl = new(binaries.PathOf("kubectl"), WriteKubeconfig("admin", api), PathOf("cache"));
        await Ready(apiServer);
        Launch(binaries, "kube-controller-manager", $"--kubeconfig={WriteKubeconfig("controllers", api)}",
            $"--service-account-private-key-file={PathOf("accounts.key")}", $"--root-ca-file={PathOf("ca.crt")}",
            "--leader-elect=false", $"--secure-port={FreePort()}", "--bind-address=127.0.0.1", "--port=0");
        (await Kubectl.RunWithInput("""
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"node","labels":{"kubernetes.io/os":"linux"}},
             "status":{"conditions":[{"type":"Ready","status":"True","reason":"Test","message":"made by hand"}],
              "allocatable":{"cpu":"8","memory":"8Gi","pods":"100"}}}
            """, "create", "-f", "-")).Ensure();
    }

    private async Task Ready(ChildProcess apiServer)
    {
        await Until("kube-apiserver", async () =>
        {
            if (apiServer.HasExited)
            {
                throw new InvalidOperationException($"kube-apiserver ended:\n{apiServer.Tail()}");
            }

            return (await Kubectl.Run("get", "--raw", "/readyz")).ExitCode == 0;
        });
    }

    private void WriteCertificates()
    {
        using var authority = new TestAuthority(_folder);
        authority.IssueServing("apiserver", "127.0.0.1", "localhost", "kubernetes.default.svc", "10.96.0.1");
        authority.IssueClient("admin", "O=system:masters, CN=admin");
        authority.IssueClient("controllers", "O=system:masters, CN=system:kube-controller-manager");
        using var accounts = RSA.Create(2048);
        File.WriteAllText(PathOf("accounts.key"), accounts.ExportRSAPrivateKeyPem());
    }

    private string WriteKubeconfig(string user, string server)
    {
        File.WriteAllText(PathOf(user + ".kubeconfig"), $$$"""
            {"apiVersion":"v1","kind":"Config","current-context":"test",
             "clusters":[{"name":"test","cluster":{"server":"{{{server}}}","certificate-authority":"{{{PathOf("ca.crt")}}}"}}],
             "users":[{"name":"test","user":{"client-certificate":"{{{PathOf(user + ".crt")}}}","client-key":"{{{PathOf(user + ".key")}}}"}}],
             "contexts":[{"name":"test","context":{"cluster":"test","user":"test"}}]}
            """);
        return PathOf(user + ".kubeconfig");
    }

    private ChildProcess Launch(ControlPlaneBinaries binaries, string name, params string[] arguments)
    {
        var process = ChildProcess.Start(PathOf(name + ".log"), binaries.PathOf(name), arguments);
        _processes.Add(process);
        return process;
    }

    private static string Url(string scheme, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{port}");

    private string PathOf(string file) => Path.Combine(_folder, file);
}
