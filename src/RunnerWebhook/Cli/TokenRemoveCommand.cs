using System.CommandLine;
using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Cli;

/// <summary><c>token remove</c>: deletes a runner in GitLab, and the Secret with its token.</summary>
internal sealed class TokenRemoveCommand(Terminal terminal)
{
    private readonly TokenTarget _target = new();
    private readonly TokenOptions _options = new();
    private readonly TokenSecretOptions _secret = new();
    private readonly Option<bool> _keepSecret = new("--keep-secret") { Description = "Leave the cluster alone" };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Don't ask" };
    private readonly Option<bool> _dryRun = TokenCommand.DryRun();

    /// <summary>The command.</summary>
    public Command Create()
    {
        var command = new Command("remove", "Delete a runner in GitLab, and the Secret with its token");
        _target.AddTo(command);
        _options.AddTo(command);
        _secret.AddTo(command);
        command.Options.Add(_keepSecret);
        command.Options.Add(_yes);
        command.Options.Add(_dryRun);
        command.SetAction((result, cancellation) => TokenCommand.Run(terminal, () => Run(result, cancellation)));
        return command;
    }

    private async Task Run(ParseResult result, CancellationToken cancellation)
    {
        var profile = _options.Profile(result, [], terminal);
        var scope = _options.Scope(result);
        var place = _secret.Read(result, profile);
        var name = _target.Name(result, profile);
        if (!result.GetValue(_yes) && !result.GetValue(_dryRun) && terminal.Ask is null)
        {
            throw TokenException.Usage("nobody is there to confirm it: give --yes");
        }

        var options = _options.GitLab(result, profile, terminal);
        using var client = new GitLabClient(options, terminal.Tell);
        var runner = await _target.Find(result, profile, scope, client, cancellation);
        using var store = result.GetValue(_keepSecret) ? null : new TokenStore(place, options, isForced: false);
        var hasSecret = store is not null && await IsToGo(store, runner, client, options, cancellation);
        var objects = Objects(runner, hasSecret ? store : null);
        if (objects.Length == 0)
        {
            terminal.Tell($"there is no {name} at {options.Url}: nothing to do");
        }
        else if (result.GetValue(_dryRun))
        {
            terminal.Tell($"would delete {objects}");
        }
        else if (result.GetValue(_yes) || await IsConfirmed(objects, runner, client, cancellation))
        {
            await Delete(client, runner, hasSecret ? store : null, cancellation);
        }
        else
        {
            throw TokenException.Failed("nothing was deleted");
        }
    }

    /// <summary>Whether the Secret keeps the runner's token, or that of a runner that is gone.</summary>
    private async Task<bool> IsToGo(TokenStore store, RunnerEntry? runner, GitLabClient client, GitLabOptions options,
        CancellationToken cancellation)
    {
        var secret = await store.Read(cancellation);
        if (secret is null)
        {
            return false;
        }

        var isToGo = secret is { IsOurs: true, RunnerId: { } id } && secret.IsOf(id, options.Url)
            && (runner is null ? await client.Find(id, cancellation) is null : runner.Id == id);
        if (!isToGo)
        {
            terminal.Tell($"note: {store} is left alone: it is not known to keep this runner's token");
        }

        return isToGo;
    }

    private static string Objects(RunnerEntry? runner, TokenStore? store) =>
        string.Join(" and ", new[] { runner?.ToString(), store?.ToString() }.OfType<string>());

    private async Task<bool> IsConfirmed(string objects, RunnerEntry? runner, GitLabClient client,
        CancellationToken cancellation)
    {
        var processes = runner is null ? null : await client.Processes(runner.Id, cancellation);
        var online = processes?.Count(process => process.Status == "online") ?? 0;
        var use = online == 0 ? "" : $" (managers online now: {online})";
        return terminal.Ask!($"Delete {objects}{use}? [y/N]", false).Trim().ToUpperInvariant() is "Y" or "YES";
    }

    // The runner first: a token that is nowhere kept, but works, would be worse than a dead one that is kept.
    private async Task Delete(GitLabClient client, RunnerEntry? runner, TokenStore? store,
        CancellationToken cancellation)
    {
        if (runner is not null)
        {
            await client.Delete(runner.Id, runner.Scope, cancellation);
            terminal.Tell($"deleted {runner}");
        }

        if (store is null)
        {
            return;
        }

        try
        {
            await store.Delete(cancellation);
            terminal.Tell($"deleted {store}");
        }
        catch (ApiException e)
        {
            throw TokenException.Failed($"{store}, which keeps a dead token, could not be deleted: {e.Message}");
        }
    }
}
