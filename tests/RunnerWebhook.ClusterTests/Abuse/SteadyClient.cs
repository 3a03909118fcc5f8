using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>A client that behaves as an API server does, all the time: reviews over HTTP/2, and a new connection now and
/// then.</summary>
internal sealed class SteadyClient : IAsyncDisposable
{
    private const int ReviewsOfAConnection = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<double> _milliseconds = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Uri _mutate;
    private readonly Task _run;

    public SteadyClient(Uri mutate)
    {
        _mutate = mutate;
        _run = Task.Run(Run);
    }

    /// <summary>What was answered and what failed since the last call, with the time in milliseconds that 99 of 100 stay
    /// within.</summary>
    public (int Answered, string[] Failures, double P99) Take()
    {
        var times = new List<double>();
        while (_milliseconds.TryDequeue(out var time))
        {
            times.Add(time);
        }

        var failures = new List<string>();
        while (_failures.TryDequeue(out var failure))
        {
            failures.Add(failure);
        }

        times.Sort();
        return (times.Count, [.. failures], times.Count == 0 ? 0 : times[(int)(0.99 * (times.Count - 1))]);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _run;
        _end.Dispose();
    }

    private async Task Run()
    {
        var body = Encoding.Latin1.GetBytes(AbusedServer.Review);
        while (!_end.IsCancellationRequested)
        {
            using var client = ServerProcess.NewClient();
            for (var i = 0; i < ReviewsOfAConnection && !_end.IsCancellationRequested; i++)
            {
                await Ask(client, body);
                await Task.Delay(Pause);
            }
        }
    }

    private async Task Ask(HttpClient client, byte[] body)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await client.PostAsync(_mutate, content);
            await response.Content.ReadAsByteArrayAsync();
            if (response.StatusCode != HttpStatusCode.OK)
            {
                _failures.Enqueue($"{response.StatusCode}");
            }

            _milliseconds.Enqueue(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        catch (HttpRequestException e)
        {
            _failures.Enqueue(e.ToString());
        }
    }
}
