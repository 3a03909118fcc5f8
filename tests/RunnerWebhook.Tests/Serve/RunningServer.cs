using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerWebhook.Serve;

namespace RunnerWebhook.Tests.Serve;

/// <summary>The real server on free loopback ports, with a client that trusts whatever certificate it shows.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Uri _admin;

    private RunningServer(WebApplication app, Uri webhook, Uri admin)
    {
        (_app, Webhook, _admin) = (app, webhook, admin);
        Client = NewClient();
    }

    public Uri Webhook { get; }

    public HttpClient Client { get; }

    /// <summary>What the server knows of namespaces; a watch fills it in a cluster.</summary>
    public NamespaceDirectory Namespaces => _app.Services.GetRequiredService<NamespaceDirectory>();

    public static async Task<RunningServer> Start(ServeOptions? options = null, ILoggerProvider? log = null, TimeProvider? time = null)
    {
        var app = WebhookServer.Build(
            (options ?? new()) with
            {
                Port = 0,
                AdminPort = 0,
                LoopbackOnly = true,
                Drain = TimeSpan.Zero,
                MeterName = $"{WebhookMetrics.Name}-{Guid.NewGuid():N}",
            },
            logging =>
            {
                if (log is not null)
                {
                    logging.AddProvider(log);
                }
            }, time);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address)).ToArray();
        return new(app, addresses.Single(uri => uri.Scheme == "https"), addresses.Single(uri => uri.Scheme == "http"));
    }

    public HttpClient NewClient(Version? version = null, Action<SocketsHttpHandler>? configure = null)
    {
#pragma warning disable CA5359 // The certificate is the server's throw-away one.
        var handler = new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        };
#pragma warning restore CA5359
        configure?.Invoke(handler);
        return new(handler)
        {
            BaseAddress = Webhook,
            DefaultRequestVersion = version ?? HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    public static ByteArrayContent Json(string text) => new(Encoding.UTF8.GetBytes(text))
    {
        Headers = { ContentType = new("application/json") },
    };

    /// <summary>Asks for a decision and returns the response object of the review.</summary>
    public async Task<JsonObject> Review(string review)
    {
        using var content = Json(review);
        using var response = await Client.PostAsync(new Uri("/mutate?timeout=5s", UriKind.Relative), content);
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(body)!["response"]!.AsObject()
            : throw new InvalidDataException($"{(int)response.StatusCode}: {body}");
    }

    /// <summary>Reads a page of the admin port, which speaks HTTP/1.1 only.</summary>
    public async Task<(HttpStatusCode Status, string Text)> Admin(string path)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(_admin, path));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The patch of a response, as JSON; an empty one where there is none.</summary>
    public static string PatchOf(JsonObject response) => response["patch"] is { } patch
        ? Encoding.UTF8.GetString(Convert.FromBase64String((string)patch!))
        : "[]";

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
