using System.Globalization;
using RunnerWebhook.ClusterTests.ControlPlane;

namespace RunnerWebhook.ClusterTests;

/// <summary>The server as users start it: a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-process").FullName;
    private readonly int _port = Cluster.FreePort();
    private readonly int _adminPort = Cluster.FreePort();
    private readonly ChildProcess _process;

    public ServerProcess(int drainSeconds)
    {
        using (var authority = new TestAuthority(_folder))
        {
            authority.IssueServing("tls", "127.0.0.1");
        }

        _process = ChildProcess.Start(Log, "dotnet", Path.Combine(AppContext.BaseDirectory, "runner-webhook.dll"), "serve",
            "--config", Path.Combine(Webhook.Repository, "tests", "golden", "config.yaml"),
            "--tls-cert", Path.Combine(_folder, "tls.crt"), "--tls-key", Path.Combine(_folder, "tls.key"),
            "--port", Text(_port), "--admin-port", Text(_adminPort), "--drain-seconds", Text(drainSeconds));
    }

    public Uri Mutate => new($"https://127.0.0.1:{Text(_port)}/mutate?timeout=5s");

    private string Log => Path.Combine(_folder, "log");

    public static HttpClient NewClient()
    {
#pragma warning disable CA5359 // The certificate's own tests are elsewhere.
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
#pragma warning restore CA5359
        return new(handler)
        {
            DefaultRequestVersion = System.Net.HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public async Task Ready() => await Cluster.Until("runner-webhook", async () => await Admin("/readyz") is 200);

    /// <summary>The status of a page of the admin port; 0 where nobody answers.</summary>
    public async Task<int> Admin(string path)
    {
        try
        {
            using var client = new HttpClient();
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{Text(_adminPort)}{path}"));
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    public Task<int?> Terminate() => _process.Terminate(TimeSpan.FromSeconds(30));

    public Task<string> ReadLog() => _process.ReadLog();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
