using System.CommandLine;
using RunnerWebhook.GitLab;
using RunnerWebhook.Tokens;

namespace RunnerWebhook.Cli;

/// <summary><c>token create</c>: a runner in GitLab, and its token in a Secret.</summary>
internal sealed class TokenCreateCommand : Verb
{
    private readonly TokenRunnerOptions _runner = new();
    private readonly TokenOptions _options = new();
    private readonly TokenDestinationOptions _destination = new();

    public TokenCreateCommand(Terminal terminal) : base("create", "Create a runner in GitLab and write its token into a "
        + "Secret; a runner with the same description is used again", terminal)
    {
        _runner.AddTo(this);
        _options.AddTo(this);
        _destination.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        var profile = _options.Profile(result, _runner.Given(result));
        var (kind, path) = _options.Scope(result) ?? (RunnerScopeKind.Instance, "");
        var secret = _destination.Secret.Read(result, profile);
        var described = TokenRunnerOptions.Describe(profile, RunnerScope.Instance);
        var options = _options.GitLab(result, profile, Terminal);
        if (profile.Token.Value is not null)
        {
            Terminal.Say($"note: profile {profile.Name} states its token literally and uses no Secret");
        }

        using var destination = _destination.Open(result, secret, options.Url, Terminal);
        using var client = new GitLabClient(options, Terminal.Say);
        var scope = await client.FindScope(kind, path, cancellation);
        await new TokenCreation(client, options.Url, destination, Terminal.Say).Run(
            scope, described with { RunnerType = scope.RunnerType }, _destination.IsDryRun(result), cancellation);
        return ExitCode.Fine;
    }
}
