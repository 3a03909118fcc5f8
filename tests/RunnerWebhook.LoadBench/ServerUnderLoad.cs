using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace RunnerWebhook.LoadBench;

/// <summary>A server as a process of its own, and a client of it: HTTPS, HTTP/2, one connection, as an API server does.</summary>
internal sealed class ServerUnderLoad : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client;

    private ServerUnderLoad(Process process, int port)
    {
        _process = process;
#pragma warning disable CA5359, CA2000 // The certificate is the benchmark's own; the client disposes of its handler.
        _client = new(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } })
#pragma warning restore CA5359, CA2000
        {
            BaseAddress = new($"https://127.0.0.1:{port}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    /// <summary>The time from the start of the process to its first answer.</summary>
    public TimeSpan FirstAnswer { get; private set; }

    /// <summary>Resident memory, in MB.</summary>
    public double Memory => double.Parse(File.ReadLines($"/proc/{_process.Id}/status")
        .First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    private TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a server.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments, with <c>{port}</c> and <c>{admin}</c> for free ports.</param>
    /// <param name="path">Where it answers.</param>
    /// <param name="body">A request.</param>
    public static async Task<ServerUnderLoad> Start(string program, string[] arguments, string path, byte[] body)
    {
        var (port, admin) = (FreePort(), FreePort());
        string Fill(string argument) => argument.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{admin}", admin.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var start = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo("/bin/sh",
            ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments.Select(Fill)]))!;
        var server = new ServerUnderLoad(process, port);
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20))
        {
            try
            {
                await server.Send(path, body);
                server.FirstAnswer = Stopwatch.GetElapsedTime(start);
                return server;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(2);
            }
        }

        server.Dispose();
        throw new InvalidOperationException($"{program} does not answer within 20 seconds");
    }

    /// <summary>Sends one request and reads the answer.</summary>
    /// <returns>The length of the answer.</returns>
    public async Task<int> Send(string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _client.PostAsync(new Uri(path, UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsByteArrayAsync()).Length;
    }

    /// <summary>Keeps requests in flight for a time.</summary>
    /// <returns>Answers a second, and the server's CPU time for one in microseconds.</returns>
    public async Task<(double Throughput, double CpuMicroseconds)> Saturate(string path, byte[] body, int inFlight, TimeSpan time)
    {
        var (answered, start, cpu) = (0, Stopwatch.GetTimestamp(), Cpu);
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                await Send(path, body);
                Interlocked.Increment(ref answered);
            }
        })));
        return (answered / Stopwatch.GetElapsedTime(start).TotalSeconds, (Cpu - cpu).TotalMicroseconds / answered);
    }

    /// <summary>Sends requests at a fixed rate, whatever the answers take.</summary>
    /// <returns>The latencies in milliseconds, from the time at which each was due, in ascending order.</returns>
    public async Task<double[]> Pace(string path, byte[] body, int perSecond, TimeSpan time)
    {
        var (start, latencies) = (Stopwatch.GetTimestamp(), new Task<double>[(int)(perSecond * time.TotalSeconds)]);
        for (var i = 0; i < latencies.Length; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / perSecond);
            while (Stopwatch.GetElapsedTime(start) < due)
            {
                await Task.Delay(1);
            }

            latencies[i] = Timed(due);
        }

        return [.. (await Task.WhenAll(latencies)).Order()];

        async Task<double> Timed(TimeSpan due)
        {
            var sent = Stopwatch.GetElapsedTime(start);
            await Send(path, body);
            // The timer's own lateness is not the server's.
            return (Stopwatch.GetElapsedTime(start) - (sent > due ? sent : due)).TotalMilliseconds;
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
