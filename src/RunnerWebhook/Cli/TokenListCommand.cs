using System.Collections.Immutable;
using System.CommandLine;
using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Cli;

/// <summary><c>token list</c>: the runners that there are, and which Secret keeps whose token.</summary>
internal sealed class TokenListCommand(Terminal terminal)
{
    private readonly TokenOptions _options = new();
    private readonly ClusterOptions _cluster = new();
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "json instead of a table",
        HelpName = "json",
    };

    /// <summary>The command.</summary>
    public Command Create()
    {
        _output.AcceptOnlyFromAmong("json");
        var command = new Command("list", "List runners, the managers that run with their tokens, and the Secrets that "
            + "keep them");
        _options.AddTo(command);
        _cluster.AddTo(command);
        command.Options.Add(_output);
        command.SetAction((result, cancellation) => TokenCommand.Run(terminal, () => Run(result, cancellation)));
        return command;
    }

    private async Task Run(ParseResult result, CancellationToken cancellation)
    {
        var profile = _options.Profile(result, [], terminal);
        var scope = _options.Scope(result);
        var options = _options.GitLab(result, profile, terminal);
        using var client = new GitLabClient(options, terminal.Tell);
        var runners = scope is var (kind, path)
            ? await client.List(await client.FindScope(kind, path, cancellation), _ => true, cancellation)
            : await client.ListAll(cancellation);
        var secrets = await Secrets(_cluster.Read(result), cancellation);
        var rows = new List<TokenListRow>();
        foreach (var batch in runners.Chunk(8))
        {
            rows.AddRange(await Task.WhenAll(batch.Select(async runner => new TokenListRow(runner,
                await client.Processes(runner.Id, cancellation), Keeper(secrets, runner, options)))));
        }

        var isJson = result.GetValue(_output) == "json";
        await terminal.Output.WriteAsync(isJson ? TokenListRow.Json(rows) : TokenListRow.Table(rows));
        await terminal.Output.FlushAsync(cancellation);
    }

    private static string? Keeper(ImmutableArray<TokenSecret> secrets, RunnerEntry runner, GitLabOptions options) =>
        secrets.FirstOrDefault(secret => secret.IsOf(runner.Id, options.Url))?.DisplayName;

    // The list is worth something without the cluster too.
    private async Task<ImmutableArray<TokenSecret>> Secrets(ClusterChoice choice, CancellationToken cancellation)
    {
        try
        {
            using var cluster = ClusterConnection.Open(choice);
            var options = new ListOptions { Labels = TokenSecret.Selector, MetadataOnly = true };
            var found = await cluster.List(ApiResource.Secrets, cluster.Namespace, options, cancellation);
            return [.. found.Items.Select(json => new TokenSecret(json))];
        }
        catch (ApiException e)
        {
            terminal.Tell($"note: which Secret keeps whose token can't be told: {e.Message}");
            return [];
        }
    }
}
