using System.CommandLine;
using RunnerWebhook.Serve;

namespace RunnerWebhook.Cli;

/// <summary><c>serve</c>: the webhook server.</summary>
internal static class ServeCommand
{
    /// <summary>The command <c>serve</c>.</summary>
    public static Command Create(Terminal terminal)
    {
        var unset = new ServeOptions();
        var config = new Option<string?>("--config", "-c") { Description = "The configuration file", HelpName = "FILE" };
        var certificate = new Option<string?>("--tls-cert") { Description = "The serving certificate, PEM", HelpName = "FILE" };
        var key = new Option<string?>("--tls-key") { Description = "Its private key, PEM", HelpName = "FILE" };
        var selfManaged = new Option<bool>("--self-managed-certificates")
        {
            Description = "Make the certificates, keep them in a Secret, and tell the API server its CA",
        };
        var own = new SelfManagedOptions();
        var secret = CommandOption.Name("--secret-name", "The Secret for self-managed certificates", own.SecretName);
        var service = CommandOption.Name("--service", "The Service that self-managed certificates are for", own.Service);
        var webhooks = new Option<string?>("--webhook-configuration")
        {
            Description = "The MutatingWebhookConfiguration whose caBundle has to vouch for the certificate before this is "
                + "ready (runner-webhook, with --self-managed-certificates)",
            HelpName = "NAME",
        };
        var cluster = new ClusterOptions();
        var version = KubernetesVersionOption.Create();
        var port = CommandOption.Number("--port", "The TLS port of the webhook", unset.Port, 0, 65535);
        var adminPort = CommandOption.Number("--admin-port", "The plain HTTP port of health and metrics",
            unset.AdminPort, 0, 65535);
        var drain = CommandOption.Number("--drain-seconds", "How long to go on serving after SIGTERM",
            (int)unset.Drain.TotalSeconds, 0, 600);
        var command = new Command("serve", "Run the webhook server")
        {
            config, certificate, key, selfManaged, secret, service, webhooks, port, adminPort, drain, version,
        };
        cluster.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(certificate) is null != result.GetResult(key) is null)
            {
                result.AddError("--tls-cert and --tls-key belong together: give both or none");
            }

            if (result.GetResult(certificate) is not null && result.GetValue(selfManaged))
            {
                result.AddError("--tls-cert and --self-managed-certificates exclude each other");
            }
        });
        command.SetAction((result, cancellation) => Run(terminal, new ServeOptions
        {
            ConfigFile = result.GetValue(config),
            CertificateFile = result.GetValue(certificate),
            KeyFile = result.GetValue(key),
            SelfManaged = !result.GetValue(selfManaged) ? null : new()
            {
                SecretName = result.GetValue(secret)!,
                Service = result.GetValue(service)!,
            },
            WebhookConfiguration = result.GetValue(webhooks) ?? (result.GetValue(selfManaged) ? "runner-webhook" : null),
            Cluster = cluster.Read(result),
            Port = result.GetValue(port),
            AdminPort = result.GetValue(adminPort),
            Drain = TimeSpan.FromSeconds(result.GetValue(drain)),
            KubernetesVersion = KubernetesVersionOption.Of(result, version),
        }));
        return command;
    }

    private static async Task<int> Run(Terminal terminal, ServeOptions options)
    {
        try
        {
            await using var app = WebhookServer.Build(options);
            await app.StartAsync();
            var logger = app.Services.GetRequiredService<ILogger<Draining>>();
            var ports = app.Urls.Select(url => new Uri(url).Port).ToArray();
            Log.Serving(logger, ports[0], ports[1]);
            await app.WaitForShutdownAsync();
            return ExitCode.Fine;
        }
        catch (IOException e)
        {
            await terminal.Error.WriteLineAsync($"runner-webhook: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
