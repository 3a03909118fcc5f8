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
        var port = Port("--port", "The TLS port of the webhook", unset.Port);
        var adminPort = Port("--admin-port", "The plain HTTP port of health and metrics", unset.AdminPort);
        var drain = new Option<int>("--drain-seconds")
        {
            Description = "How long to go on serving after SIGTERM",
            DefaultValueFactory = _ => (int)unset.Drain.TotalSeconds,
        };
        drain.Validators.Add(result => NumberRange.Check(result, 0, 600));
        var cluster = new ClusterOptions();
        var version = KubernetesVersionOption.Create();
        var command = new Command("serve", "Run the webhook server")
        {
            config, certificate, key, port, adminPort, drain, version,
        };
        cluster.AddTo(command, withNamespace: false);
        command.Validators.Add(result =>
        {
            if (result.GetValue(certificate) is null != result.GetValue(key) is null)
            {
                result.AddError("--tls-cert and --tls-key belong together: give both or none");
            }
        });
        command.SetAction((result, cancellation) => Run(terminal, new ServeOptions
        {
            ConfigFile = result.GetValue(config),
            CertificateFile = result.GetValue(certificate),
            KeyFile = result.GetValue(key),
            Port = result.GetValue(port),
            AdminPort = result.GetValue(adminPort),
            Drain = TimeSpan.FromSeconds(result.GetValue(drain)),
            KubernetesVersion = KubernetesVersionOption.Of(result, version),
            Cluster = cluster.Read(result),
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

    private static Option<int> Port(string name, string description, int unset)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => unset };
        option.Validators.Add(result => NumberRange.Check(result, 0, 65535));
        return option;
    }
}
