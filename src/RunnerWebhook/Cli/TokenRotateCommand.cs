using System.CommandLine;
using RunnerWebhook.GitLab;
using RunnerWebhook.Tokens;

namespace RunnerWebhook.Cli;

/// <summary><c>token rotate</c>: a new token for a runner, into its Secret.</summary>
internal sealed class TokenRotateCommand : Verb
{
    private readonly TokenTarget _target = new();
    private readonly TokenOptions _options = new();
    private readonly TokenDestinationOptions _destination = new();

    public TokenRotateCommand(Terminal terminal) : base("rotate", "Give a runner a new token and write it into its Secret; "
        + "the old one stops working at once", terminal)
    {
        _target.AddTo(this);
        _options.AddTo(this);
        _destination.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        var profile = _options.Profile(result, []);
        var query = _target.Read(result, profile, _options.Scope(result));
        var secret = _destination.Secret.Read(result, profile);
        var options = _options.GitLab(result, profile, Terminal);
        using var destination = _destination.Open(result, secret, options.Url, Terminal);
        using var client = new GitLabClient(options, Terminal.Say);
        var runner = await query.Find(client, cancellation) ?? throw CommandException.Failed(
            $"there is no {query} at {options.Url}: list the runners with runner-webhook token list");
        await new TokenRotation(client, destination, Terminal.Say).Run(runner, _destination.IsDryRun(result), cancellation);
        return ExitCode.Fine;
    }
}
