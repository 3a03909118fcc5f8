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

    private readonly int _port;

    private ServerUnderLoad(Process process, int port, int admin)
    {
        (_process, _port, Admin) = (process, port, new($"http://127.0.0.1:{admin}"));
        _client = NewClient();
    }

    /// <summary>The admin port.</summary>
    public Uri Admin { get; }

    /// <summary>The number of threads.</summary>
    public int Threads => Directory.GetDirectories($"/proc/{_process.Id}/task").Length;

    /// <summary>The number of open file descriptors.</summary>
    public int Descriptors => Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length;

    /// <summary>A client with connections of its own.</summary>
    public HttpClient NewClient() =>
#pragma warning disable CA5359, CA2000 // The certificate is the benchmark's own; the client disposes of its handler.
        new(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } })
#pragma warning restore CA5359, CA2000
        {
            BaseAddress = new($"https://127.0.0.1:{_port}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

    /// <summary>A connection over which nothing is sent.</summary>
    public async Task<IDisposable> Connect()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        return client;
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

    /// <summary>Starts a server and waits for its first answer.</summary>
    /// <param name="contestant">The server.</param>
    /// <param name="size">How long its answers should be, in bytes.</param>
    /// <param name="body">A request; empty for none.</param>
    public static async Task<ServerUnderLoad> Start(Contestant contestant, int size, byte[] body)
    {
        var (port, admin) = (FreePort(), FreePort());
        string Fill(string argument) => argument
            .Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{admin}", admin.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var start = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo("/bin/sh",
            ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", contestant.Program, .. contestant.Arguments.Select(Fill)]))!;
        var server = new ServerUnderLoad(process, port, admin);
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20) && !process.HasExited)
        {
            if (await Listens(port))
            {
                if (body.Length > 0)
                {
                    await server.Answer(contestant.PathFor(size), body);
                }

                server.FirstAnswer = Stopwatch.GetElapsedTime(start);
                return server;
            }
        }

        server.Dispose();
        throw new InvalidOperationException($"{contestant.Program} does not answer within 20 seconds");
    }

    /// <summary>Waits until the admin port listens, which is opened after the other.</summary>
    public async Task AwaitAdmin()
    {
        while (!await Listens(Admin.Port) && !_process.HasExited)
        {
        }
    }

    /// <summary>Sends one request and reads the answer.</summary>
    public async Task<byte[]> Answer(string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _client.PostAsync(new Uri(path, UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Keeps requests in flight for a time.</summary>
    /// <returns>Answers a second, and the server's CPU time for one in microseconds.</returns>
    public async Task<(double Throughput, double CpuMicroseconds)> Saturate(
        string path, byte[][] bodies, int inFlight, TimeSpan time)
    {
        var (start, cpu) = (Stopwatch.GetTimestamp(), Cpu);
        var answered = await Send(path, bodies, inFlight, _ => Stopwatch.GetElapsedTime(start) < time);
        return (answered / Stopwatch.GetElapsedTime(start).TotalSeconds, (Cpu - cpu).TotalMicroseconds / answered);
    }

    /// <summary>Sends a number of requests, some at a time.</summary>
    public Task SendMany(string path, byte[][] bodies, int inFlight, int count) =>
        Send(path, bodies, inFlight, sent => sent <= count);

    /// <summary>Sends requests at a fixed rate, whatever the answers take.</summary>
    /// <returns>The latencies in milliseconds, from the time at which each was due, in ascending order.</returns>
    public async Task<double[]> Pace(string path, byte[][] bodies, int perSecond, TimeSpan time)
    {
        var (start, latencies) = (Stopwatch.GetTimestamp(), new Task<double>[(int)(perSecond * time.TotalSeconds)]);
        for (var i = 0; i < latencies.Length; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / perSecond);
            while (Stopwatch.GetElapsedTime(start) < due)
            {
                await Task.Delay(1);
            }

            latencies[i] = Timed(due, bodies[i % bodies.Length]);
        }

        return [.. (await Task.WhenAll(latencies)).Order()];

        async Task<double> Timed(TimeSpan due, byte[] body)
        {
            var sent = Stopwatch.GetElapsedTime(start);
            await Answer(path, body);
            // The timer's own lateness is not the server's.
            return (Stopwatch.GetElapsedTime(start) - (sent > due ? sent : due)).TotalMilliseconds;
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    // Goes on while a condition holds for the number of requests sent so far, the next one included.
    private async Task<int> Send(string path, byte[][] bodies, int inFlight, Func<int, bool> goesOn)
    {
        var sent = 0;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref sent) is var number && goesOn(number))
            {
                await Answer(path, bodies[number % bodies.Length]);
            }
        })));
        return sent - inFlight;
    }

    private static async Task<bool> Listens(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            await Task.Delay(1);
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
