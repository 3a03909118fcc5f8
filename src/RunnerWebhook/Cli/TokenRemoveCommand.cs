using System.CommandLine;
using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Tokens;

namespace RunnerWebhook.Cli;

/// <summary><c>token remove</c>: deletes a runner in GitLab, and the Secret with its token.</summary>
internal sealed class TokenRemoveCommand : Verb
{
    private readonly TokenTarget _target = new();
    private readonly TokenOptions _options = new();
    private readonly TokenSecretOptions _secret = new();
    private readonly Option<bool> _keepSecret = new("--keep-secret") { Description = "Leave the cluster alone" };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Don't ask" };
    private readonly Option<bool> _dryRun = CommandOption.DryRun();

    public TokenRemoveCommand(Terminal terminal)
        : base("remove", "Delete a runner in GitLab, and the Secret with its token", terminal)
    {
        _target.AddTo(this);
        _options.AddTo(this);
        _secret.AddTo(this);
        Add(_keepSecret, _yes, _dryRun);
    }

    protected override async Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        var profile = _options.Profile(result, []);
        var query = _target.Read(result, profile, _options.Scope(result));
        var secret = _secret.Read(result, profile);
        var needsAnswer = !result.GetValue(_yes) && !result.GetValue(_dryRun);
        if (needsAnswer && Terminal.Ask is null)
        {
            throw CommandException.Usage("no terminal to confirm it on: give --yes");
        }

        var options = _options.GitLab(result, profile, Terminal);
        using var client = new GitLabClient(options, Terminal.Say);
        using var store = result.GetValue(_keepSecret) ? null : new TokenStore(
            ClusterConnection.Open(secret.Cluster, Terminal.Environment), secret.Place(options.Url), isForced: false);
        await new TokenRemoval(client, options.Url, store, Terminal.Say).Run(
            query, result.GetValue(_dryRun), needsAnswer ? Confirm : null, cancellation);
        return ExitCode.Fine;
    }

    private bool Confirm(string question) => Terminal.Ask!(question, false).Trim().ToUpperInvariant() is "Y" or "YES";
}
