using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace RunnerWebhook.FakeGitLab;

/// <summary>A small GitLab over HTTP: the calls of gitlab-runner, and those of people about runners. It follows GitLab's
/// REST API documentation, and is as strict as that: what it doesn't know, it refuses.</summary>
public sealed class GitLabServer : IAsyncDisposable
{
    private readonly GitLabOptions _options;
    private readonly RegistryTokens? _registry;

    // Bound and never listening: while GitLab is down connections are refused, and nobody else gets its port.
    private readonly Socket _port;
    private WebApplication? _app;
    private CannedAnswer? _canned;
    private int _cannedTimes;

    private GitLabServer(GitLabOptions options)
    {
        _options = options;
        State = new(options);
        _registry = options.Registry.Length > 0 ? new() : null;
        _port = new(options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _port.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _port.Bind(new IPEndPoint(options.Address, options.Port));
    }

    /// <summary>What it knows.</summary>
    public GitLabState State { get; }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>The certificate, PEM, by which its container registry knows the tokens; empty without a registry.</summary>
    public string RegistryCertificate => _registry?.CertificatePem ?? "";

    /// <summary>How long every answer takes; none by default.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Is called with the method and the path of every request before it is answered; what else happens at that
    /// moment can be made to happen here.</summary>
    public Func<string, string, Task>? Received { get; set; }

    /// <summary>Starts one.</summary>
    public static async Task<GitLabServer> Start(GitLabOptions? options = null)
    {
        var server = new GitLabServer(options ?? new());
        await server.Listen();
        return server;
    }

    /// <summary>Stops listening: connections are refused. What it knows is kept.</summary>
    public async Task GoDown()
    {
        await Stop();
        _app = null;
    }

    /// <summary>Listens again, at the same address.</summary>
    public Task ComeBack() => _app is null ? Listen() : Task.CompletedTask;

    /// <summary>Answers the next requests alike, whatever they ask; for ever where no number is given.</summary>
    public void Answer(CannedAnswer answer, int times = int.MaxValue)
    {
        _cannedTimes = times;
        _canned = answer;
    }

    /// <summary>Answers as GitLab again.</summary>
    public void AnswerNormally() => _canned = null;

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _registry?.Dispose();
        _port.Dispose();
    }

    private async Task Stop()
    {
        if (_app is not null)
        {
            // Calls that are under way are cut off, as a crash would.
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
        }
    }

    private async Task Listen()
    {
        var port = ((IPEndPoint)_port.LocalEndPoint!).Port;
        // Tests start hundreds of these; other builders watch files and environment, too.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(_options.Address, port, listen =>
        {
            if (_options.Certificate is { } certificate)
            {
                listen.UseHttps(certificate);
            }
        }));
        var app = builder.Build();
        app.Use(Receive);
        RunnerApi.Map(app, State, _options);
        JobApi.Map(app, State, _options);
        _registry?.Map(app, State);
        UserApi.Map(app, State, _options);
        app.MapFallback(Endpoint.Handler(_ => Endpoint.Result(404, """{"error":"404 Not Found"}""")));
        await app.StartAsync();
        _app = app;
        Url = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>Records every request with its answer, and turns refusals into answers.</summary>
    private async Task Receive(HttpContext context, RequestDelegate next)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        context.Items["body"] = body;
        await Task.Delay(Delay, context.RequestAborted);
        await (Received?.Invoke(context.Request.Method, context.Request.Path) ?? Task.CompletedTask).WaitAsync(context.RequestAborted);
        var record = new Lazy<bool>(() => Record(context, body));
        // A caller that has the answer finds the request recorded.
        context.Response.OnStarting(() => Task.FromResult(record.Value));
        try
        {
            if (_canned is { } canned && Interlocked.Decrement(ref _cannedTimes) >= 0)
            {
                await Write(context.Response, canned);
            }
            else
            {
                await next(context);
            }
        }
        catch (RefusalException refusal)
        {
            await Write(context.Response, new(refusal.Status, "application/json", refusal.Message));
        }
        finally
        {
            _ = record.Value;
        }
    }

    private bool Record(HttpContext context, string body)
    {
        State.Record(new(context.Request.Method, context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            ImmutableSortedDictionary.ToImmutableSortedDictionary(context.Request.Headers,
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body, context.Response.StatusCode));
        return true;
    }

    private static Task Write(HttpResponse response, CannedAnswer answer)
    {
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        if (answer.RetryAfter.Length > 0)
        {
            response.Headers.RetryAfter = answer.RetryAfter;
        }

        if (answer.Location.Length > 0)
        {
            response.Headers.Location = answer.Location;
        }

        return response.WriteAsync(answer.Body);
    }
}
