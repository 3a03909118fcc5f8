using System.CommandLine;
using RunnerWebhook.Certificates;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Logging;
using RunnerWebhook.Serve;

namespace RunnerWebhook.Cli;

/// <summary><c>serve</c>: the webhook server.</summary>
internal sealed class ServeCommand : Verb
{
    private static readonly ServeOptions Unset = new();
    private static readonly SelfManagedOptions Own = new();

    private readonly Option<string?> _config = ConfigurationOption.Create();
    private readonly Option<string?> _certificate =
        CommandOption.Text("--tls-cert", "The serving certificate, PEM", "FILE");
    private readonly Option<string?> _key = CommandOption.Text("--tls-key", "Its private key, PEM", "FILE");
    private readonly Option<string?> _clients = CommandOption.Text("--client-ca",
        "Answer only callers with a client certificate of these CAs, PEM (everyone)", "FILE");
    private readonly Option<bool> _selfManaged = new("--self-managed-certificates")
    {
        Description = "Issue the certificates, keep them in a Secret, and write the CA into caBundle",
    };

    private readonly Option<string> _secret =
        CommandOption.Name("--secret-name", "The Secret for self-managed certificates", Own.SecretName);
    private readonly Option<string> _service =
        CommandOption.Name("--service", "The Service that self-managed certificates are for", Own.Service);
    private readonly Option<string?> _webhooks = CommandOption.Text("--webhook-configuration",
        "The MutatingWebhookConfiguration whose caBundle must verify the certificate before the server is ready "
            + $"({WellKnown.Program}, with --self-managed-certificates)", "NAME");
    private readonly ClusterOptions _cluster = new();
    private readonly Option<string?> _version = KubernetesVersionOption.Create();
    private readonly Option<int> _port = CommandOption.Number("--port", "The TLS port of the webhook", Unset.Port, 0, 65535);
    private readonly Option<int> _adminPort =
        CommandOption.Number("--admin-port", "The plain HTTP port of health and metrics", Unset.AdminPort, 0, 65535);
    private readonly Option<int> _drain = CommandOption.Number("--drain-seconds", "How long to go on serving after SIGTERM",
        (int)Unset.Drain.TotalSeconds, 0, 600);

    public ServeCommand(Terminal terminal) : base("serve", "Run the webhook server", terminal)
    {
        Add(_config, _certificate, _key, _clients, _selfManaged, _secret, _service, _webhooks);
        Add(_port, _adminPort, _drain, _version);
        _cluster.AddTo(this);
        Validators.Add(result =>
        {
            if (result.GetResult(_certificate) is null != result.GetResult(_key) is null)
            {
                result.AddError("--tls-cert and --tls-key belong together: give both or none");
            }

            if (result.GetResult(_certificate) is not null && result.GetValue(_selfManaged))
            {
                result.AddError("--tls-cert and --self-managed-certificates exclude each other");
            }
        });
    }

    protected override async Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        NativeHeap.Bound();
        await using var app = WebhookServer.Build(Read(result));
        try
        {
            await app.StartAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            // A port is in use. What runs already ends without complaint.
            app.Lifetime.StopApplication();
            throw;
        }

        var logger = app.Services.GetRequiredService<ILogger<Draining>>();
        var ports = app.Urls.Select(url => new Uri(url).Port).ToArray();
        Log.Serving(logger, ports[0], ports[1]);
        var metrics = app.Services.GetRequiredService<WebhookMetrics>();
        using var idle = new IdlePages(() => metrics.Reviews);
        idle.Start();
        await app.WaitForShutdownAsync(CancellationToken.None);
        return ExitCode.Fine;
    }

    private ServeOptions Read(ParseResult result) => new()
    {
        ConfigFile = result.GetValue(_config),
        Certificates = new()
        {
            CertificateFile = result.GetValue(_certificate),
            KeyFile = result.GetValue(_key),
            ClientAuthorityFile = result.GetValue(_clients),
            SelfManaged = !result.GetValue(_selfManaged) ? null : new()
            {
                SecretName = result.GetValue(_secret)!,
                Service = result.GetValue(_service)!,
            },
            WebhookConfiguration = result.GetValue(_webhooks) ?? (result.GetValue(_selfManaged) ? WellKnown.Program : null),
        },
        Cluster = _cluster.Read(result),
        Port = result.GetValue(_port),
        AdminPort = result.GetValue(_adminPort),
        Drain = TimeSpan.FromSeconds(result.GetValue(_drain)),
        KubernetesVersion = KubernetesVersionOption.Of(result, _version),
    };
}
