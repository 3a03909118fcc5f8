using System.CommandLine;
using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Tokens;

namespace RunnerWebhook.Cli;

/// <summary><c>token list</c>: all runners, and which Secret keeps which token.</summary>
internal sealed class TokenListCommand : Verb
{
    private readonly TokenOptions _options = new();
    private readonly ClusterOptions _cluster = new();
    private readonly Option<string?> _output = CommandOption.Words("--output", "json instead of a table", "json");

    public TokenListCommand(Terminal terminal) : base("list", "List runners, the managers that use their tokens, and the "
        + "Secrets that keep them", terminal)
    {
        _output.Aliases.Add("-o");
        _options.AddTo(this);
        _cluster.AddTo(this);
        Add(_output);
    }

    protected override async Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        var profile = _options.Profile(result, []);
        var scope = _options.Scope(result);
        var options = _options.GitLab(result, profile, Terminal);
        using var client = new GitLabClient(options, Terminal.Say);
        var rows = await new TokenList(client, options.Url, Terminal.Say).Run(scope,
            () => ClusterConnection.Open(_cluster.Read(result), Terminal.Environment), cancellation);
        Terminal.Print(result.GetValue(_output) == "json" ? JsonOutput.Write(TokenListRow.Json(rows)) : TokenListRow.Table(rows));
        return ExitCode.Fine;
    }
}
