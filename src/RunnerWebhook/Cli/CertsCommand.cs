using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using RunnerWebhook.Certificates;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Cli;

/// <summary><c>certs</c>: a CA and a serving certificate, for development or a first start.</summary>
internal sealed class CertsCommand : Verb
{
    private const string Everything = "manifests";
    private const string SecretOnly = "secret";
    private const string CaBundleOnly = "ca-bundle";
    private const int MaxDays = 36500;

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Write ca.crt, ca.key, tls.crt and tls.key here; without it, the CA's key is discarded",
        HelpName = "DIR",
    };

    private readonly Option<string?> _output = CommandOption.Words("--output",
        "Print the Secret and the caBundle for kubectl apply --server-side, the Secret alone, or the value of caBundle "
            + "(default: manifests, without --out)", Everything, SecretOnly, CaBundleOnly);

    private readonly Option<string[]> _hosts = new("--host")
    {
        Description = "A further name or address of the server, for example localhost; may be repeated",
        HelpName = "NAME",
    };

    private readonly Option<string> _service = CommandOption.Name("--service", "The Service's name", WellKnown.Program);
    private readonly Option<string> _namespace =
        CommandOption.Name("--namespace", "The Service's namespace", WellKnown.Program);
    private readonly Option<string> _secret =
        CommandOption.Name("--secret-name", "The Secret's name", WellKnown.CertificateSecret);

    private readonly Option<string> _configuration =
        CommandOption.Name("--webhook-configuration", "The MutatingWebhookConfiguration's name", WellKnown.Program);

    private readonly Option<int> _days =
        CommandOption.Number("--days", "How long the serving certificate is valid, in days", 365, 1, MaxDays);
    private readonly Option<int> _caDays =
        CommandOption.Number("--ca-days", "How long the CA is valid, in days", 3650, 1, MaxDays);
    private readonly Option<bool> _renew = new("--renew")
    {
        Description = "Keep the CA in --out, and issue a new serving certificate",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace existing files" };

    public CertsCommand(Terminal terminal) : base("certs", "Make a CA and a serving certificate for the webhook", terminal)
    {
        _output.Aliases.Add("-o");
        _hosts.Validators.Add(CheckHosts);
        _namespace.Aliases.Add("-n");
        Add(_out, _output, _hosts, _service, _namespace, _secret, _configuration, _days, _caDays, _renew, _force);
        Validators.Add(result =>
        {
            if (result.GetValue(_renew) && result.GetResult(_out) is null)
            {
                result.AddError("--renew needs --out, where the CA is kept");
            }
        });
    }

    protected override Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        var path = result.GetValue(_out);
        var folder = path is null ? null : new CertificateFolder(path);
        var renew = result.GetValue(_renew);
        if (folder is { Existing: { Length: > 0 } existing } && !renew && !result.GetValue(_force))
        {
            throw CommandException.Usage($"{string.Join(", ", existing)}: the files exist; use --renew to keep the CA "
                + "and issue a new serving certificate, or --force to replace all");
        }

        var now = TimeProvider.System.GetUtcNow();
        using var authority = renew
            ? CommandException.Reading(() => folder!.ReadAuthority(now))
            : CertificateAuthority.Create(now, TimeSpan.FromDays(result.GetValue(_caDays)));
        string[] hosts = [.. ServiceNames.Of(result.GetValue(_service)!, result.GetValue(_namespace)!),
            .. result.GetValue(_hosts) ?? []];
        var serving = authority.IssueServing(hosts, now, TimeSpan.FromDays(result.GetValue(_days)));
        CommandException.Writing(() => folder?.Write(authority.Pair, serving));
        Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"a certificate for {string.Join(", ", hosts)}")
            + (path is null ? "; the CA's key was not kept" : $" is in {path}"));
        Print(result, authority.Pair.CertificatePem, serving);
        return Task.FromResult(ExitCode.Fine);
    }

    private void Print(ParseResult result, string caPem, KeyPair serving)
    {
        var output = result.GetValue(_output) ?? (result.GetValue(_out) is null ? Everything : "");
        var secret = CertificateManifests.Secret(result.GetValue(_secret)!, result.GetValue(_namespace)!, caPem, serving);
        Terminal.Print(output switch
        {
            Everything => secret + "---\n"
                + CertificateManifests.WebhookConfiguration(result.GetValue(_configuration)!, caPem),
            SecretOnly => secret,
            CaBundleOnly => CertificateManifests.CaBundle(caPem) + "\n",
            _ => "",
        });
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
