using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using RunnerWebhook.Certificates;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Cli;

/// <summary><c>certs</c>: a CA and a serving certificate, for development or to begin with.</summary>
internal sealed class CertsCommand
{
    private const string Everything = "manifests";
    private const string SecretOnly = "secret";
    private const string CaBundleOnly = "ca-bundle";
    private const int MaxDays = 36500;

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Write ca.crt, ca.key, tls.crt and tls.key here; without it, the CA's key is thrown away",
        HelpName = "DIR",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Print the Secret and the caBundle for kubectl apply --server-side, the Secret alone, or the value "
            + "of caBundle (default: manifests, without --out)",
        HelpName = "manifests|secret|ca-bundle",
    };

    private readonly Option<string[]> _hosts = new("--host")
    {
        Description = "A further name or address of the server, for example localhost; may be repeated",
        HelpName = "NAME",
    };

    private readonly Option<string> _service = CommandOption.Name("--service", "The Service's name", "runner-webhook");
    private readonly Option<string> _namespace = CommandOption.Name("--namespace", "The Service's namespace", "runner-webhook");
    private readonly Option<string> _secret = CommandOption.Name("--secret-name", "The Secret's name", "runner-webhook-tls");

    private readonly Option<string> _configuration =
        CommandOption.Name("--webhook-configuration", "The MutatingWebhookConfiguration's name", "runner-webhook");

    private readonly Option<int> _days =
        CommandOption.Number("--days", "How long the serving certificate is valid, in days", 365, 1, MaxDays);
    private readonly Option<int> _caDays =
        CommandOption.Number("--ca-days", "How long the CA is valid, in days", 3650, 1, MaxDays);
    private readonly Option<bool> _renew = new("--renew")
    {
        Description = "Keep the CA in --out, and issue a new serving certificate",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace files that are there" };

    private CertsCommand()
    {
        _output.AcceptOnlyFromAmong(Everything, SecretOnly, CaBundleOnly);
        _hosts.Validators.Add(CheckHosts);
        _namespace.Aliases.Add("-n");
    }

    /// <summary>The command <c>certs</c>.</summary>
    public static Command Create(Terminal terminal)
    {
        var options = new CertsCommand();
        var command = new Command("certs", "Make a CA and a serving certificate for the webhook")
        {
            options._out, options._output, options._hosts, options._service, options._namespace, options._secret,
            options._configuration, options._days, options._caDays, options._renew, options._force,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(options._renew) && result.GetResult(options._out) is null)
            {
                result.AddError("--renew needs --out, where the CA is kept");
            }
        });
        command.SetAction(result => options.Run(result, terminal, TimeProvider.System.GetUtcNow()));
        return command;
    }

    private int Run(ParseResult result, Terminal terminal, DateTimeOffset now)
    {
        var path = result.GetValue(_out);
        var folder = path is null ? null : new CertificateFolder(path);
        var renew = result.GetValue(_renew);
        if (folder is { Existing: { Length: > 0 } existing } && !renew && !result.GetValue(_force))
        {
            terminal.Error.WriteLine($"runner-webhook: {string.Join(", ", existing)}: there already; use --renew to keep the CA "
                + "and issue a new serving certificate, or --force to replace all");
            return ExitCode.Usage;
        }

        try
        {
            using var authority = renew
                ? folder!.ReadAuthority()
                : CertificateAuthority.Create(now, TimeSpan.FromDays(result.GetValue(_caDays)));
            string[] hosts = [.. ServiceNames.Of(result.GetValue(_service)!, result.GetValue(_namespace)!),
                .. result.GetValue(_hosts) ?? []];
            var serving = authority.IssueServing(hosts, now, TimeSpan.FromDays(result.GetValue(_days)));
            folder?.Write(authority.Pair, serving);
            terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"runner-webhook: a certificate for {string.Join(", ", hosts)}")
                + (path is null ? "; the CA's key was not kept" : $" is in {path}"));
            Print(result, terminal, authority.Pair.CertificatePem, serving);
            return ExitCode.Fine;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"runner-webhook: {e.Message}");
            return ExitCode.Usage;
        }
    }

    private void Print(ParseResult result, Terminal terminal, string caPem, KeyPair serving)
    {
        var output = result.GetValue(_output) ?? (result.GetValue(_out) is null ? Everything : "");
        if (output is Everything or SecretOnly)
        {
            terminal.Output.Write(CertificateManifests.Secret(
                result.GetValue(_secret)!, result.GetValue(_namespace)!, caPem, serving));
        }

        if (output == Everything)
        {
            terminal.Output.Write("---\n");
            terminal.Output.Write(CertificateManifests.WebhookConfiguration(result.GetValue(_configuration)!, caPem));
        }
        else if (output == CaBundleOnly)
        {
            terminal.Output.Write(CertificateManifests.CaBundle(caPem) + "\n");
        }

        terminal.Output.Flush();
    }

    private static void CheckHosts(OptionResult result)
    {
        foreach (var host in result.GetValueOrDefault<string[]>() ?? [])
        {
            var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
            if (!IPAddress.TryParse(host, out _) && !KubernetesName.IsSubdomain(name))
            {
                result.AddError($"--host is '{host}', but must be an IP address or a DNS name in small letters");
            }
        }
    }
}
