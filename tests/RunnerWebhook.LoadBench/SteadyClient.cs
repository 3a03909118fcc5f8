using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace RunnerWebhook.LoadBench;

/// <summary>A client that behaves as an API server does, all the time: reviews over HTTP/2, and a new connection now and then. A
/// process of its own, so that what others do in the process that starts it does not count as the server's time, and with an
/// address of its own, as an API server has.</summary>
/// <param name="mutate">Where reviews go.</param>
/// <param name="review">The review.</param>
internal sealed class SteadyClient(Uri mutate, byte[] review)
{
    private const int ReviewsOfAConnection = 100;
    private static readonly IPEndPoint Address = new(IPAddress.Parse("127.0.0.2"), 0);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Sends reviews until the process is ended, and prints a line for each: the milliseconds until its answer, or why
    /// there was none.</summary>
    public async Task Run()
    {
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        while (true)
        {
            using var client = NewClient();
            for (var i = 0; i < ReviewsOfAConnection; i++)
            {
                await output.WriteLineAsync(await Ask(client));
                await Task.Delay(Pause);
            }
        }
    }

    private async Task<string> Ask(HttpClient client)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            using var content = new ByteArrayContent(review) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await client.PostAsync(mutate, content);
            await response.Content.ReadAsByteArrayAsync();
            return response.StatusCode == HttpStatusCode.OK
                ? Stopwatch.GetElapsedTime(start).TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture)
                : $"failed: {response.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return $"failed: {e.Message} {e.InnerException?.Message}";
        }
    }

    private static HttpClient NewClient() =>
#pragma warning disable CA5359, CA2000 // The certificate is the test's own; the client disposes of its handler.
        new(new SocketsHttpHandler
        {
            ConnectCallback = Connect,
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        })
#pragma warning restore CA5359, CA2000
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

    private static async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(Address);
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
