using System.Globalization;
using RunnerWebhook.ClusterTests.ControlPlane;

namespace RunnerWebhook.ClusterTests;

/// <summary>The server as users start it: a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const long ArenaBytes = 64 << 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-process").FullName;
    private readonly int _port = Cluster.FreePort();
    private readonly int _adminPort = Cluster.FreePort();
    private readonly Lazy<ChildProcess> _process;

    /// <summary>Starts the server.</summary>
    /// <param name="drainSeconds">How long it serves after SIGTERM.</param>
    /// <param name="certificates">Where its certificate comes from; files by default.</param>
    public ServerProcess(int drainSeconds, params string[] certificates)
        : this(drainSeconds, new Dictionary<string, string>(), certificates)
    {
    }

    /// <summary>Starts the server with variables of its own.</summary>
    /// <inheritdoc cref="ServerProcess(int, string[])"/>
    public ServerProcess(int drainSeconds, IReadOnlyDictionary<string, string> environment, params string[] certificates)
    {
        if (certificates.Length == 0)
        {
            using var authority = new TestAuthority(_folder);
            authority.IssueServing("tls", "127.0.0.1");
            certificates = ["--tls-cert", Path.Combine(_folder, "tls.crt"), "--tls-key", Path.Combine(_folder, "tls.key")];
        }

        _process = new(() => ChildProcess.Start(Log, "env", [.. environment.Select(variable => $"{variable.Key}={variable.Value}"),
            .. Wrapper, .. Program is null ? ["dotnet", Path.Combine(AppContext.BaseDirectory, "runner-webhook.dll")] : (string[])[Program], "serve",
            "--config", Config,
            "--port", Text(_port), "--admin-port", Text(_adminPort), "--drain-seconds", Text(drainSeconds), .. certificates]));
    }

    public Uri Mutate => new($"https://127.0.0.1:{Text(_port)}/mutate?timeout=5s");

    /// <summary>The TLS port.</summary>
    public int Port => _port;

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

    /// <summary>A program, with arguments, that starts the server as its own process. Default none.</summary>
    public string[] Wrapper { get; init; } = [];

    /// <summary>The configuration file. Default the golden cases' own.</summary>
    public string Config { get; init; } = Path.Combine(Webhook.Repository, "tests", "golden", "config.yaml");

    /// <summary>The published program to start; null for the one of this build.</summary>
    public string? Program { get; init; }

    /// <summary>Starts it, if it was not started, and waits until it is ready.</summary>
    public async Task Ready()
    {
        _ = _process.Value;
        await Cluster.Until("runner-webhook", async () => await Admin("/readyz") is 200);
    }

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

    /// <summary>A page of the admin port.</summary>
    public async Task<string> Page(string path)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri($"http://127.0.0.1:{Text(_adminPort)}{path}"));
    }

    /// <summary>The value of a metric that has no labels; null where it has none.</summary>
    public async Task<double?> Metric(string name)
    {
        var page = await Page("/metrics");
        var line = page.Split('\n').SingleOrDefault(line => line.StartsWith(name + "{}", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal));
        return line is null ? null : double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>A figure of the process's memory in MB, by its name in <c>/proc/PID/status</c>.</summary>
    public double Memory(string name) => double.Parse(File.ReadLines($"/proc/{ProcessId}/status")
        .First(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    /// <summary>The arenas of the C library's heap, each of which has reserved 64 MiB of addresses (source: malloc(3)).</summary>
    public int Arenas()
    {
        var ranges = File.ReadLines($"/proc/{ProcessId}/maps").Select(line => line.Split(' ')[0].Split('-'))
            .Select(ends => (Start: Convert.ToInt64(ends[0], 16), End: Convert.ToInt64(ends[1], 16))).ToArray();
        return ranges.Zip(ranges.Skip(1)).Count(pair => pair.First.Start % ArenaBytes == 0 && pair.First.End == pair.Second.Start
            && pair.Second.End - pair.First.Start == ArenaBytes);
    }

    /// <summary>Lets <c>VmHWM</c>, the peak of its memory, begin anew.</summary>
    public void ForgetPeakOfMemory() => File.WriteAllText($"/proc/{ProcessId}/clear_refs", "5");

    /// <summary>The server's own process.</summary>
    public int ProcessId => _process.Value.ChildOf(Program is null ? "dotnet" : "runner-webhook");

    public Task<int?> Terminate() => _process.Value.Terminate(TimeSpan.FromSeconds(30));

    public Task<string> ReadLog() => _process.Value.ReadLog();

    public async ValueTask DisposeAsync()
    {
        if (_process.IsValueCreated)
        {
            await _process.Value.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
