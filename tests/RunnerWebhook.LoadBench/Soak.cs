using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace RunnerWebhook.LoadBench;

/// <summary>The webhook under mixed traffic for a long time, while its certificate is rotated and its configuration edited.</summary>
/// <param name="program">The webhook.</param>
/// <param name="configuration">Its configuration.</param>
/// <param name="reviews">The folder of recorded reviews.</param>
/// <param name="time">How long it takes.</param>
/// <param name="perSecond">Reviews a second.</param>
internal sealed class Soak(string program, string configuration, string reviews, TimeSpan time, int perSecond)
{
    private const int Clients = 8;
    private const int ReviewsOfAConnection = 500;
    private const int LargeFieldBytes = 1024 * 1024;

    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(5);
    private static readonly byte[] Garbage = "{\"kind\":"u8.ToArray();

    private readonly List<(double Minutes, double Megabytes, int Threads, int Descriptors)> _samples = [];
    private int _answered;
    private int _refused;
    private int _large;
    private int _connections;
    private int _scrapes;
    private int _failed;

    /// <summary>Runs it and prints the figures.</summary>
    /// <returns>Whether nothing has failed.</returns>
    public async Task<bool> Run()
    {
        using var files = new SoakedFiles(await File.ReadAllTextAsync(configuration));
        string[] serve = ["serve", "--config", files.PathOf("config.yaml"), "--tls-cert", files.PathOf("tls.crt"),
            "--tls-key", files.PathOf("tls.key"), "--port", "{port}", "--admin-port", "{admin}"];
        var bodies = await Task.WhenAll(Directory.GetFiles(reviews, "*.json").Order().Select(file => File.ReadAllBytesAsync(file)));
        using var server = await ServerUnderLoad.Start(new("webhook", program, serve, "/mutate"), 0, []);
        await server.AwaitAdmin();
        using var end = new CancellationTokenSource(time);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll([
            .. Enumerable.Range(0, Clients).Select(client => Task.Run(() => Review(server, bodies, client, end.Token))),
            Task.Run(() => Scrape(server, end.Token)), Task.Run(() => Idle(server, end.Token)),
            Task.Run(() => Change(files, end.Token)), Task.Run(() => Sample(server, watch, end.Token)),
        ]);
        Print(files, watch.Elapsed);
        return _failed == 0;
    }

    private async Task Review(ServerUnderLoad server, byte[][] bodies, int client, CancellationToken end)
    {
        var pause = TimeSpan.FromSeconds((double)Clients / perSecond);
        var (watch, due) = (Stopwatch.StartNew(), TimeSpan.Zero);
        var large = Enlarge(bodies[0]);
        for (var number = client; !end.IsCancellationRequested;)
        {
            using var http = server.NewClient();
            Interlocked.Increment(ref _connections);
            for (var i = 0; i < ReviewsOfAConnection && !end.IsCancellationRequested; i++, number++)
            {
                // Of 1000 requests 20 are no reviews, and one is large.
                var (body, expected) = number % 1000 == 500 ? (large, HttpStatusCode.OK)
                    : number % 50 == 0 ? (Garbage, HttpStatusCode.BadRequest)
                    : (bodies[number % bodies.Length], HttpStatusCode.OK);
                await Ask(http, body, expected);
                // Timers are late by more than a pause may last: what is late is made good.
                due += pause;
                if (due - watch.Elapsed is var early && early > TimeSpan.Zero)
                {
                    await Wait(early, end);
                }
            }
        }
    }

    private async Task Ask(HttpClient http, byte[] body, HttpStatusCode expected)
    {
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.PostAsync(new Uri("/mutate?timeout=10s", UriKind.Relative), content);
            await response.Content.ReadAsByteArrayAsync();
            if (response.StatusCode != expected)
            {
                Fail($"{(int)response.StatusCode} instead of {(int)expected}");
            }

            Interlocked.Increment(ref expected == HttpStatusCode.OK ? ref _answered : ref _refused);
            _large += body.Length > LargeFieldBytes ? 1 : 0;
        }
        catch (HttpRequestException e)
        {
            Fail(e.Message);
        }
    }

    private async Task Scrape(ServerUnderLoad server, CancellationToken end)
    {
        using var http = new HttpClient { BaseAddress = server.Admin };
        while (!end.IsCancellationRequested)
        {
            foreach (var page in (string[])["/metrics", "/readyz?verbose", "/status"])
            {
                _scrapes++;
                try
                {
                    using var response = await http.GetAsync(new Uri(page, UriKind.Relative), CancellationToken.None);
                    if (!response.IsSuccessStatusCode)
                    {
                        Fail($"{page}: {(int)response.StatusCode}");
                    }
                }
                catch (HttpRequestException e)
                {
                    Fail($"{page}: {e.Message}");
                }
            }

            await Wait(TimeSpan.FromSeconds(2), end);
        }
    }

    // Connections that are opened, left alone for a while, and dropped.
    private static async Task Idle(ServerUnderLoad server, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var idle = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.Connect()));
            await Wait(TimeSpan.FromSeconds(3), end);
            Array.ForEach(idle, connection => connection.Dispose());
        }
    }

    private static async Task Change(SoakedFiles files, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await Wait(TimeSpan.FromSeconds(7), end);
            await files.Change();
        }
    }

    private async Task Sample(ServerUnderLoad server, Stopwatch watch, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await Wait(SampleInterval, end);
            _samples.Add((watch.Elapsed.TotalMinutes, server.Memory, server.Threads, server.Descriptors));
        }
    }

    private void Print(SoakedFiles files, TimeSpan elapsed)
    {
        // The first quarter warms up.
        var settled = _samples.Skip(_samples.Count / 4).ToArray();
        Console.WriteLine("| soak | |\n| --- | --: |");
        Say($"| time | {elapsed.TotalMinutes:0.0} min |");
        Say($"| reviews answered | {_answered:N0} ({_answered / elapsed.TotalSeconds:0} a second), {_large} of them of 1 MB |");
        Say($"| requests refused as they should be | {_refused:N0} |");
        Say($"| connections, scrapes | {_connections:N0}, {_scrapes:N0} |");
        Say($"| configurations and certificates changed | {files.Changes:N0}, one in five broken |");
        Say($"| failures | {_failed} |");
        var (first, last, most) = (settled[0].Megabytes, settled[^1].Megabytes, settled.Max(sample => sample.Megabytes));
        Say($"| memory | {first:0.0} MB after the first quarter, {last:0.0} MB at the end, {most:0.0} MB at most |");
        var (slope, error) = Slope([.. settled.Select(sample => (sample.Minutes, sample.Megabytes))]);
        Say($"| memory slope | {slope * 60:+0.0;-0.0} ± {error * 2 * 60:0.0} MB an hour |");
        Say($"| threads | {settled.Min(sample => sample.Threads)} to {settled.Max(sample => sample.Threads)} |");
        Say($"| descriptors | {settled.Min(sample => sample.Descriptors)} to {settled.Max(sample => sample.Descriptors)} |");
    }

    // Least squares, with the standard error.
    private static (double Slope, double Error) Slope((double X, double Y)[] points)
    {
        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        var spread = points.Sum(point => (point.X - x) * (point.X - x));
        var slope = points.Sum(point => (point.X - x) * (point.Y - y)) / spread;
        var rest = points.Sum(point => Math.Pow(point.Y - y - (slope * (point.X - x)), 2));
        return (slope, Math.Sqrt(rest / (points.Length - 2) / spread));
    }

    // A further field of 1 MB in the object.
    private static byte[] Enlarge(byte[] review)
    {
        var text = System.Text.Encoding.UTF8.GetString(review);
        var place = text.IndexOf("\"spec\":{", StringComparison.Ordinal) + "\"spec\":{".Length;
        return System.Text.Encoding.UTF8.GetBytes(text.Insert(place, $"\"futureField\":\"{new string('x', LargeFieldBytes)}\","));
    }

    private static async Task Wait(TimeSpan time, CancellationToken end) =>
        await Task.Delay(time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Fail(string why)
    {
        if (Interlocked.Increment(ref _failed) <= 10)
        {
            Console.Error.WriteLine($"failed: {why}");
        }
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
