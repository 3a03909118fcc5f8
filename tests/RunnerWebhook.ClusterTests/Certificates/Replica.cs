using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerWebhook.Certificates;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Serve;

namespace RunnerWebhook.ClusterTests.Certificates;

/// <summary>A server in this process.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly int _port;
    private readonly Uri _admin;

    private Replica(WebApplication app, LogLines log)
    {
        (_app, Log) = (app, log);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address)).ToArray();
        _port = addresses.Single(uri => uri.Scheme == "https").Port;
        _admin = addresses.Single(uri => uri.Scheme == "http");
    }

    public LogLines Log { get; }

    public static async Task<Replica> Start(ServeOptions options, int port = 0)
    {
        var log = new LogLines();
        var app = WebhookServer.Build(options with
        {
            ConfigFile = Path.Combine(Webhook.Repository, "tests", "golden", "config.yaml"),
            Port = port,
            AdminPort = 0,
            LoopbackOnly = true,
            Drain = TimeSpan.Zero,
        }, logging => logging.AddProvider(log));
        await app.StartAsync();
        return new(app, log);
    }

    /// <summary>The certificate that a new connection is shown.</summary>
    /// <param name="live">What the API server trusts: a connection that it would refuse throws.</param>
    public async Task<X509Certificate2> Connect(WebhookRegistration? live = null)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _port);
        await using var tls = new SslStream(socket.GetStream());
#pragma warning disable CA5359 // Judged below, where a judgement is wanted.
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1",
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
#pragma warning restore CA5359
        var leaf = X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
        return live?.Refusing(leaf, [], DateTimeOffset.UtcNow) is { Length: > 0 } refusing
            ? throw new InvalidOperationException($"{string.Join(", ", refusing)} would refuse {leaf.Subject} of {leaf.Issuer}")
            : leaf;
    }

    /// <summary>The status and text of <c>/readyz?verbose</c>.</summary>
    public Task<(int Status, string Text)> Readyz() => Admin("/readyz?verbose");

    public async Task<(int Status, string Text)> Admin(string path)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(_admin, path));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task Ready() => Cluster.Until("readiness", async () => (await Readyz()).Status == 200);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Log.Dispose();
    }
}
