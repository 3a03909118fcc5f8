using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.WebUtilities;
using OpenTelemetry.Metrics;
using RunnerWebhook.Certificates;
using RunnerWebhook.Health;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary>The webhook server: the command line starts it, and so do the tests.</summary>
internal static class WebhookServer
{
    /// <summary>Builds the server; nothing listens yet.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="configureLogging">Where the log goes, instead of standard output as JSON.</param>
    /// <param name="time">The clock; null for the machine's.</param>
    public static WebApplication Build(
        ServeOptions options, Action<ILoggingBuilder>? configureLogging = null, TimeProvider? time = null)
    {
        var builder = BareServer.CreateBuilder();
        // Those of OpenTelemetry.
        builder.Configuration.AddEnvironmentVariables();
        var logSwitch = new LogSwitch();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddFilter(logSwitch.Shows);
        (configureLogging ?? LogAsJson)(builder.Logging);
        builder.Services.AddSingleton(logSwitch);
        AddServices(builder.Services, options, time ?? TimeProvider.System);
        TraceExport.Add(builder.Services, builder.Configuration);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            ServerLimits.Set(kestrel);
            Listen(kestrel, options, options.Port, UseCertificate);
            Listen(kestrel, options, options.AdminPort, UsePlainHttp);
        });
        var app = builder.Build();
        Map(app);
        return app;
    }

    // By a factory, so that the container disposes of it and the last lines are written.
    private static void LogAsJson(ILoggingBuilder logging) => logging.Services.AddSingleton<ILoggerProvider>(_ =>
        new JsonLog(new LineSink(StandardStream.IsOutputOpen ? Console.OpenStandardOutput() : Stream.Null), TimeProvider.System));

    private static void AddServices(IServiceCollection services, ServeOptions options, TimeProvider time)
    {
        services.AddSingleton(options);
        services.AddSingleton(time);
        services.AddCertificates(options.Certificates, options.Cluster ?? new());
        services.AddSingleton<ActiveConfiguration>();
        services.AddSingleton<ConfigurationReload>();
        services.AddSingleton<NamespaceDirectory>();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<BodyMemory>();
        services.AddSingleton<LargeReviews>();
        services.AddSingleton(_ => new Turns());
        services.AddSingleton<ConnectionLimit>();
        services.AddSingleton<CallerCheck>();
        services.AddSingleton<MutateEndpoint>();
        services.AddSingleton<StatusDocument>();
        services.AddSingleton<IHostLifetime, Signals>();
        services.AddSingleton<Draining>();
        services.AddHostedService(provider => provider.GetRequiredService<Draining>());
        services.AddHostedService<ServerRefusals>();
        services.AddHostedService<FileRefresh>();
        services.AddSingleton<ClusterRelease>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterRelease>());
        services.AddHostedService(provider => provider.GetRequiredService<CertificateUpkeep>());
        if (options.Cluster is not null)
        {
            services.AddHostedService<NamespaceWatch>();
        }

        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<ServingCertificate>());
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<CaBundleReadiness>());
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<ClientAuthorities>());
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<ActiveConfiguration>());
        services.AddSingleton<IReadinessCheck, NamespaceReadiness>();
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<ClusterRelease>());
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<Draining>());
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain + TimeSpan.FromSeconds(20));
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .ConfigureResource(TraceExport.Describe)
            .AddMeter(options.MeterName, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            // Disable scrape caching.
            .AddPrometheusExporter(exporter =>
            {
                exporter.ScrapeResponseCacheDurationMilliseconds = 0;
                exporter.ScopeInfoEnabled = false;
            }));
    }

    private static void Listen(KestrelServerOptions kestrel, ServeOptions options, int port, Action<ListenOptions> configure)
    {
        if (options.LoopbackOnly)
        {
            kestrel.Listen(IPAddress.Loopback, port, configure);
        }
        else
        {
            kestrel.ListenAnyIP(port, configure);
        }
    }

    private static void UsePlainHttp(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(listen.ApplicationServices.GetRequiredService<ConnectionLimit>().Before);
    }

    private static void UseCertificate(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.Use(listen.ApplicationServices.GetRequiredService<ConnectionLimit>().Before);
        listen.Use(HandshakeInput.Before(listen.ApplicationServices.GetRequiredService<Turns>()));
        listen.Use(FirstBytes.Before);
        var certificate = listen.ApplicationServices.GetRequiredService<ServingCertificate>();
        var callers = listen.ApplicationServices.GetRequiredService<CallerCheck>();
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = handshake =>
            {
                var tls = Handshake(certificate);
                callers.Apply(tls, handshake);
                return ValueTask.FromResult(tls);
            },
        });
        listen.Use(HandshakeInput.After);
    }

    private static SslServerAuthenticationOptions Handshake(ServingCertificate certificate) => new()
    {
        ServerCertificateContext = certificate.Current
            ?? throw new AuthenticationException($"there is no certificate yet: {certificate.Problem}"),
#pragma warning disable CA5398 // TLS 1.2 and 1.3 only, also if the machine's own policy allows more.
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };

    private static void Map(WebApplication app)
    {
        var mutate = app.Services.GetRequiredService<MutateEndpoint>();
        // Reviews go straight to their endpoint; everything else is rare, and routed below.
        app.Use(next => context => context.Request is { Path.Value: MutateEndpoint.Path, IsHttps: true } request
            && HttpMethods.IsPost(request.Method) ? mutate.Answer(context) : next(context));
        app.Use(async (context, next) =>
        {
            // Requests come over TLS only, health and metrics over plain HTTP only.
            if (context.Request.IsHttps == context.Request.Path.StartsWithSegments(MutateEndpoint.Path))
            {
                await next(context);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }

            if (context.Response is { HasStarted: false, StatusCode: >= 400 } response)
            {
                await mutate.Refuse(context, response.StatusCode, Explain(context));
            }
        });
        app.UseRouting();
        app.MapPost(MutateEndpoint.Path, (RequestDelegate)mutate.Answer);
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint(AdminEndpoints.Metrics);
    }

    private static string Explain(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => context.Request.IsHttps
            ? $"there is only {MutateEndpoint.Path} here; health and metrics are on the admin port"
            : $"there are only {AdminEndpoints.Livez}, {AdminEndpoints.Readyz}, {AdminEndpoints.Status} and "
                + $"{AdminEndpoints.Metrics} here",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not allowed here; use "
            + context.Response.Headers.Allow,
        var status => ReasonPhrases.GetReasonPhrase(status),
    };
}
