using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Workloads;
using Xunit;

namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>A real control plane on loopback: etcd, kube-apiserver, kube-controller-manager, and one Node object so that
/// the DaemonSet controller makes Pods. Nothing runs them; <see cref="Node.NodeCluster"/> has one that does.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private readonly TestAuthority _authority;
    private readonly List<(string Binary, ChildProcess Process)> _processes = [];
    private ControlPlaneBinaries _binaries = new(null, "not started");
    private ApiAddress _address = ApiAddress.Loopback();
    private string[] _apiServerArguments = [];
    private int _namespaces;

    public Cluster()
    {
        Folder = Directory.CreateTempSubdirectory("runner-webhook-cluster").FullName;
        _authority = new(Folder);
    }

    /// <summary>Whether the controllers run, which fill namespaces and make Pods. Default true.</summary>
    public bool HasControllers { get; init; } = true;

    /// <summary>Further arguments of the API server.</summary>
    internal string[] ApiServerOptions { get; init; } = [];

    /// <summary>kubectl as an administrator; null where no control plane can be had.</summary>
    public Kubectl Kubectl { get; private set; } = null!;

    /// <summary>The kubeconfig of an administrator.</summary>
    public string Kubeconfig => PathOf("admin.kubeconfig");

    /// <summary>The API server's release; 0.0 where no control plane can be had.</summary>
    public KubernetesVersion Version { get; private set; }

    /// <summary>The API server's address.</summary>
    public Uri Server => new(_address.Url);

    /// <summary>The CA of the API server's certificate.</summary>
    public string CaPem => _authority.Pem;

    /// <summary>The cluster's own folder: certificates, kubeconfigs, logs.</summary>
    internal string Folder { get; }

    public async ValueTask InitializeAsync()
    {
        _binaries = await ControlPlaneBinaries.Provision();
        if (_binaries.Folder is null)
        {
            return;
        }

        await Start(_binaries, _address);
        (await Kubectl.RunWithInput("""
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"node","labels":{"kubernetes.io/os":"linux"}},
             "status":{"conditions":[{"type":"Ready","status":"True","reason":"Test","message":"made by hand"}],
              "allocatable":{"cpu":"8","memory":"8Gi","pods":"100"}}}
            """, "create", "-f", "-")).Ensure();
    }

    /// <summary>Skips the test, with the reason, on a machine where no control plane can be had.</summary>
    public void Require() =>
        Assert.SkipWhen(_binaries.Folder is null, _binaries.SkipReason);

    /// <summary>Skips the test, with the reason, where the API server is too old for it.</summary>
    /// <param name="since">The first release that has what is tested.</param>
    /// <param name="what">What is tested.</param>
    public void Require(KubernetesVersion since, string what)
    {
        Require();
        Assert.SkipWhen(Version < since, $"{what}: needs Kubernetes {since}, and this API server is {Version}");
    }

    /// <summary>Makes a namespace of its own for a test.</summary>
    public async Task<string> CreateNamespace(string prefix = "test")
    {
        var name = prefix + "-" + Interlocked.Increment(ref _namespaces).ToString(CultureInfo.InvariantCulture);
        (await Kubectl.Run("create", "namespace", name)).Ensure();
        await Until($"service account of {name}", async () =>
            (await Kubectl.Run("get", "serviceaccount", "default", "-n", name)).ExitCode == 0);
        return name;
    }

    /// <summary>The content of a kubeconfig with a token.</summary>
    public string KubeconfigOf(string token) => KubeconfigOf("token", $$"""{"token":"{{token}}"}""");

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
        foreach (var (_, process) in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        _authority.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Starts the control plane; returns when the API server is ready.</summary>
    internal async Task Start(ControlPlaneBinaries binaries, ApiAddress address)
    {
        (_binaries, _address) = (binaries, address);
        WriteKeys();
        var (client, peer) = (LoopbackUrl(), LoopbackUrl());
        Launch("etcd", $"--data-dir={PathOf("etcd")}", "--unsafe-no-fsync", $"--listen-client-urls={client}",
            $"--advertise-client-urls={client}", $"--listen-peer-urls={peer}", $"--initial-advertise-peer-urls={peer}",
            $"--initial-cluster=default={peer}");
        _apiServerArguments =
        [
            $"--etcd-servers={client}", $"--bind-address={address.Host}",
            $"--advertise-address={address.Host}", $"--secure-port={address.Port}",
            $"--tls-cert-file={PathOf("apiserver.crt")}", $"--tls-private-key-file={PathOf("apiserver.key")}",
            $"--client-ca-file={PathOf("ca.crt")}", $"--service-account-key-file={PathOf("accounts.key")}",
            $"--service-account-signing-key-file={PathOf("accounts.key")}", $"--service-account-issuer={address.Url}",
            $"--kubelet-client-certificate={PathOf("admin.crt")}", $"--kubelet-client-key={PathOf("admin.key")}",
            $"--service-cluster-ip-range={address.ServiceRange}", "--authorization-mode=Node,RBAC",
            "--allow-privileged=true", "--enable-aggregator-routing=true",
            "--kubelet-preferred-address-types=InternalIP", .. ApiServerOptions,
        ];
        Kubectl = new(binaries.PathOf("kubectl"), WriteKubeconfig("admin"), PathOf("cache"));
        await StartApiServer();
        Version = await AskVersion();
        if (HasControllers)
        {
            LaunchControllers();
        }
    }

    /// <summary>Ends the API server and starts it anew; returns when it is ready.</summary>
    internal async Task RestartApiServer()
    {
        var running = _processes.Single(started => started.Binary == "kube-apiserver");
        await running.Process.DisposeAsync();
        _processes.Remove(running);
        await StartApiServer();
    }

    /// <summary>Starts one of the binaries; it ends with the cluster.</summary>
    internal ChildProcess Launch(string binary, params string[] arguments)
    {
        var process = ChildProcess.Start(PathOf(binary + ".log"), _binaries.PathOf(binary), arguments);
        _processes.Add((binary, process));
        return process;
    }

    /// <summary>Issues a client certificate and writes <c>NAME.kubeconfig</c>.</summary>
    internal string IssueKubeconfig(string name, string subject)
    {
        _authority.IssueClient(name, subject);
        return WriteKubeconfig(name);
    }

    private void LaunchControllers() => Launch("kube-controller-manager",
    [
        $"--kubeconfig={IssueKubeconfig("controllers", "O=system:masters, CN=controllers")}",
        $"--service-account-private-key-file={PathOf("accounts.key")}", $"--root-ca-file={PathOf("ca.crt")}",
        "--leader-elect=false", $"--secure-port={FreePort()}", "--bind-address=127.0.0.1",
        // A hand-made node has no kubelet to report that it is alive.
        "--node-monitor-grace-period=24h",
        // Kubernetes 1.24 removed the insecure port. Before, every controller manager would listen on the same one.
        .. Version < new KubernetesVersion(1, 24) ? ["--port=0"] : Array.Empty<string>(),
    ]);

    private async Task<KubernetesVersion> AskVersion()
    {
        var version = JsonNode.Parse((await Kubectl.Run("get", "--raw", "/version")).Ensure().Output)!;
        return KubernetesVersion.TryParse($"{version["major"]}.{version["minor"]}")
            ?? throw new InvalidDataException($"no version of Kubernetes: {version.ToJsonString()}");
    }

    private async Task StartApiServer()
    {
        var apiServer = Launch("kube-apiserver", _apiServerArguments);
        await Until("kube-apiserver", async () =>
        {
            if (apiServer.HasExited)
            {
                throw new InvalidOperationException($"kube-apiserver ended:\n{apiServer.Tail()}");
            }

            return (await Kubectl.Run("get", "--raw", "/readyz")).ExitCode == 0;
        });
    }

    private void WriteKeys()
    {
        _authority.IssueServing("apiserver", _address.Host, "localhost", "kubernetes.default.svc");
        _authority.IssueClient("admin", "O=system:masters, CN=admin");
        using var accounts = RSA.Create(2048);
        File.WriteAllText(PathOf("accounts.key"), accounts.ExportRSAPrivateKeyPem());
    }

    private string WriteKubeconfig(string user)
    {
        var file = PathOf(user + ".kubeconfig");
        File.WriteAllText(file, KubeconfigOf(user,
            $$"""{"client-certificate":"{{PathOf(user + ".crt")}}","client-key":"{{PathOf(user + ".key")}}"}"""));
        return file;
    }

    private string KubeconfigOf(string user, string credentials) => $$$"""
        {"apiVersion":"v1","kind":"Config","current-context":"{{{user}}}",
         "clusters":[{"name":"test","cluster":{"server":"{{{_address.Url}}}","certificate-authority":"{{{PathOf("ca.crt")}}}"}}],
         "users":[{"name":"{{{user}}}","user":{{{credentials}}}}],
         "contexts":[{"name":"{{{user}}}","context":{"cluster":"test","user":"{{{user}}}"}}]}
        """;

    private static string LoopbackUrl() => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");

    private string PathOf(string file) => Path.Combine(Folder, file);
}
